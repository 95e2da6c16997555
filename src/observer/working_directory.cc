// The working directory. A directory that becomes the working one is opened (kind R): what a
// program then spells relative to it is told by its path without symlinks, so the daemon must know
// the way there. Where the process is: kind B by late code, else kind G. Changes of what all paths
// mean (roots, mounts, name spaces): kind '!'.
#include <fcntl.h>
#include <sys/types.h>

#include <cstddef>

#include "observer/event.h"
#include "observer/interpose.h"
#include "observer/late_code.h"

namespace zc::observer {

namespace {

template <class Call>
int entered(Event& record, Call call) {
  const int result = call();
  record.write('R', error_of(result));
  return result;
}
template <class Call>
int entered(const char* path, Call call) {
  Event record;
  record.path(AT_FDCWD, path);
  return entered(record, call);
}
template <class Call>
int entered_descriptor(int fd, Call call) {
  Event record;
  record.descriptor(fd);
  return entered(record, call);
}

void record_own_place(const void* caller) {
  if (is_late_code(caller)) {
    Event record;
    record.path(AT_FDCWD, ".");
    record.write('B', 0);
  } else {
    record_name('G', "getcwd");
  }
}

}  // namespace

ZC_AROUND(int, chdir, (const char* path), (path), entered, path)
ZC_AROUND(int, fchdir, (int fd), (fd), entered_descriptor, fd)

ZC_BEFORE(char*, getcwd, (char* out, std::size_t size), (out, size), record_own_place, ZC_CALLER)
ZC_BEFORE(char*, __getcwd_chk, (char* out, std::size_t size, std::size_t room), (out, size, room),
          record_own_place, ZC_CALLER)
ZC_BEFORE(char*, getwd, (char* out), (out), record_own_place, ZC_CALLER)
ZC_BEFORE(char*, get_current_dir_name, (), (), record_own_place, ZC_CALLER)

ZC_BEFORE(int, chroot, (const char* path), (path), record_name, '!', "chroot")
ZC_BEFORE(int, unshare, (int flags), (flags), record_name, '!', "unshare")
ZC_BEFORE(int, setns, (int fd, int type), (fd, type), record_name, '!', "setns")
ZC_BEFORE(int, pivot_root, (const char* root, const char* old), (root, old), record_name, '!',
          "pivot_root")
// Without a path that anybody could compare.
ZC_BEFORE(int, name_to_handle_at,
          (int directory, const char* path, void* handle, int* mount, int flags),
          (directory, path, handle, mount, flags), record_name, '!', "name_to_handle_at")
ZC_BEFORE(int, open_by_handle_at, (int mount, void* handle, int flags), (mount, handle, flags),
          record_name, '!', "open_by_handle_at")

}  // namespace zc::observer
