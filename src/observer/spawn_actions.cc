#include "observer/spawn_actions.h"

#include <fcntl.h>
#include <sys/types.h>

#include <cstring>

#include "observer/event.h"
#include "observer/kernel.h"
#include "observer/open_kind.h"

namespace zc::observer {

namespace {

// The form of glibc, whose functions only add to it. To interpose these functions would not do:
// programs ask the loader for the newer ones, and take it as a promise if they find them.
enum class Tag : int { kClose, kDup, kOpen, kChdir, kFchdir, kCloseFrom, kTerminalGroup };
struct Open {
  int fd;
  const char* path;
  int flags;
  mode_t mode;
};
struct Chdir {
  const char* path;
};
struct Action {
  Tag tag;
  union {
    Open open;
    Chdir chdir;
  };
};
struct Actions {
  int allocated;
  int used;
  const Action* actions;
};

// What the child will find, which has not happened yet.
void record_open(const char* path, int flags) {
  Event record;
  record.path(AT_FDCWD, path);
  const int error = kernel::look(path);
  const char kind = kind_of(flags);
  if (kind == 'W' && error == 0) {
    record.write('U', 0);
  }
  record.write(kind, kind == 'W' ? 0 : error);
  const WayToWrite way = way_with(way_of(flags), error == 0);
  if (kind == 'W' && way != WayToWrite::kEmptied) {
    record.write('I', static_cast<int>(way));
  }
}

// From the first change of directory on, a relative path means another file than it does here.
bool is_told(const Action& action, bool& is_elsewhere) {
  switch (action.tag) {
    case Tag::kOpen:
      if (is_elsewhere && *action.open.path != '/') {
        return false;
      }
      record_open(action.open.path, action.open.flags);
      return true;
    case Tag::kChdir:
      if (is_elsewhere && *action.chdir.path != '/') {
        return false;
      }
      record_open(action.chdir.path, O_RDONLY);
      is_elsewhere = true;
      return true;
    case Tag::kClose:
    case Tag::kDup:
    case Tag::kCloseFrom:
    case Tag::kTerminalGroup:
      return true;
    case Tag::kFchdir:
      return false;
  }
  return false;
}

}  // namespace

void record_spawn_actions(const void* actions, const char* program) {
  if (actions == nullptr) {
    return;
  }
  const auto* const all = static_cast<const Actions*>(actions);
  bool is_elsewhere = false;
  bool are_told = true;
  for (int i = 0; i < all->used; ++i) {
    are_told &= is_told(all->actions[i], is_elsewhere);
  }
  const bool is_by_name = std::strchr(program, '/') == nullptr;
  if (!are_told || (is_elsewhere && !is_by_name && *program != '/')) {
    record_name('!', "posix_spawn");
  }
}

}  // namespace zc::observer
