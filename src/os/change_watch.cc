#include "os/change_watch.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/path.h"
#include "base/str.h"

namespace zc::os {

namespace {

// Magic numbers that linux/magic.h of some systems lacks.
constexpr std::uint64_t kXfs = 0x58465342;
constexpr std::uint64_t kZfs = 0x2fc12fc1;
constexpr std::uint64_t kBcachefs = 0xca451a4e;

// All changes to files of these go through this kernel, which then reports them. A file system that
// is not listed is not watched, even if it is local.
constexpr std::array<std::uint64_t, 9> kLocalFileSystems = {
    EXT4_SUPER_MAGIC, BTRFS_SUPER_MAGIC, TMPFS_MAGIC, OVERLAYFS_SUPER_MAGIC,
    F2FS_SUPER_MAGIC, RAMFS_MAGIC,       kXfs,        kZfs,
    kBcachefs};

bool is_on_local_file_system(int fd) {
  struct statfs fs = {};
  return ::fstatfs(fd, &fs) == 0 &&
         std::ranges::find(kLocalFileSystems, static_cast<std::uint64_t>(fs.f_type)) !=
             kLocalFileSystems.end();
}

// The kernel gives a read lease only on a file that no process has open for writing (fcntl(2),
// F_SETLEASE); the lease goes back at once. A process that opens the file for writing in these
// microseconds waits for their end, and the kernel sends us a signal: SIGURG, which is ignored by
// default, instead of SIGIO, which would end us. Other refusals (another owner, a file system
// without leases) count as "open for writing" as well.
bool is_open_for_writing(int fd) {
  (void)::fcntl(fd, F_SETSIG, SIGURG);
  if (::fcntl(fd, F_SETLEASE, F_RDLCK) != 0) {
    return true;
  }
  (void)::fcntl(fd, F_SETLEASE, F_UNLCK);
  return false;
}

}  // namespace

ChangeWatcher::Watch::~Watch() {
  if (watcher_ != nullptr) {
    watcher_->end(id_);
  }
}

// A writer that is seen to have opened the file either has closed it, which an event reports, or
// has it open now. The event comes before the moment from which on no process has it open for
// writing, so the events are read after the check.
bool ChangeWatcher::Watch::is_unchanged() const {
  const bool has_writer = watcher_->was_opened(id_) && is_open_for_writing(fd_);
  return !has_writer && !watcher_->was_changed(id_);
}

ChangeWatcher::ChangeWatcher() : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

std::optional<ChangeWatcher::Watch> ChangeWatcher::watch(int fd) {
  if (!inotify_ || !is_on_local_file_system(fd)) {
    return std::nullopt;
  }
  const std::string name = str_cat("/proc/self/fd/", fd);
  int id = -1;
  {
    const MutexLock lock(mutex_);
    id = ::inotify_add_watch(inotify_.get(), name.c_str(), IN_OPEN | IN_MODIFY | IN_CLOSE_WRITE);
    if (id < 0) {
      return std::nullopt;
    }
    ++files_[id].users;
  }
  Watch out(*this, id, fd);
  // Last: from here on, a process that opens the file for writing is seen.
  return is_open_for_writing(fd) ? std::nullopt : std::optional(std::move(out));
}

bool ChangeWatcher::was_opened(int id) {
  const MutexLock lock(mutex_);
  read_events();
  return files_[id].was_opened;
}

bool ChangeWatcher::was_changed(int id) {
  const MutexLock lock(mutex_);
  read_events();
  return files_[id].was_changed;
}

// Takes what has happened so far: an operation has queued its event before it returns.
void ChangeWatcher::read_events() {
  alignas(inotify_event) std::array<char, 4096> buffer;
  while (true) {
    const ssize_t n = ::read(inotify_.get(), buffer.data(), buffer.size());
    if (n <= 0) {
      return;
    }
    for (std::size_t at = 0; at < static_cast<std::size_t>(n);) {
      inotify_event event = {};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      at += sizeof event + event.len;
      // The kernel has dropped events, and any of the files may be concerned.
      if ((event.mask & IN_Q_OVERFLOW) != 0) {
        for (auto& [id, file] : files_) {
          file.was_changed = true;
        }
      } else if (const auto it = files_.find(event.wd); it != files_.end()) {
        it->second.was_opened |= (event.mask & IN_OPEN) != 0;
        it->second.was_changed |= (event.mask & ~std::uint32_t{IN_OPEN}) != 0;
      }
    }
  }
}

void ChangeWatcher::end(int id) {
  const MutexLock lock(mutex_);
  // Removed under the mutex: the kernel gives a second watch of the same inode the same id, so
  // another thread could otherwise get the id that is about to go.
  const auto it = files_.find(id);
  if (--it->second.users == 0) {
    files_.erase(it);
    ::inotify_rm_watch(inotify_.get(), id);
  }
}

// Opening is among the events so that the kernel does not take two changes in a row for one.
NameWatch::NameWatch(const std::string& path) : name_(base_name(path)) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file || !is_on_local_file_system(file.get()) || is_open_for_writing(file.get())) {
    return;
  }
  Fd inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const std::string directory(dir_name(path));
  constexpr std::uint32_t kMask =
      IN_OPEN | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVE | IN_CREATE | IN_DELETE;
  if (inotify && ::inotify_add_watch(inotify.get(), directory.c_str(), kMask | IN_ONLYDIR) >= 0) {
    inotify_ = std::move(inotify);
  }
}

bool NameWatch::saw_one(Change change) const {
  alignas(inotify_event) std::array<char, 16384> buffer;
  int changes = 0;
  bool is_replaced = false;
  ssize_t n = 0;
  while (inotify_ && (n = ::read(inotify_.get(), buffer.data(), buffer.size())) > 0) {
    for (ssize_t at = 0; at < n;) {
      inotify_event event = {};
      std::memcpy(&event, buffer.data() + at, sizeof event);
      const char* name = buffer.data() + at + sizeof event;
      if ((event.mask & (IN_Q_OVERFLOW | IN_IGNORED)) != 0) {
        return false;
      }
      at += static_cast<ssize_t>(sizeof event + event.len);
      if (event.len == 0 || name != name_) {
        continue;
      }
      if (change == Change::kReplaced && is_replaced && (event.mask & IN_MODIFY) != 0) {
        return false;
      }
      const bool is_idle =
          (event.mask & (IN_OPEN | IN_MODIFY)) != 0 ||
          (change == Change::kReplaced && is_replaced && (event.mask & IN_CLOSE_WRITE) != 0);
      changes += is_idle ? 0 : 1;
      is_replaced |= (event.mask & IN_MOVED_TO) != 0;
    }
  }
  return changes == 1 && (is_replaced || change == Change::kAny);
}

}  // namespace zc::os
