#include "os/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/str.h"
#include "os/file.h"

namespace zc::os {

namespace {

// 0, or the errno of a failure.
int lock_now(int fd, int operation) {
  while (::flock(fd, operation) != 0) {
    if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// Other users could hold a lock on a file that they own, or rewrite it.
bool belongs_to_us(int fd) {
  struct stat st = {};
  return ::fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
         (st.st_uid == ::geteuid() || st.st_uid == 0);
}

// For files that are only looked at: never blocks on a FIFO, never follows a planted symlink.
constexpr int kInspectFlags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW;

}  // namespace

Result<std::optional<FileLock>> FileLock::try_take(const std::string& path) {
  while (true) {
    TRY_ASSIGN(Fd fd, open_path(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0600));
    if (!belongs_to_us(fd.get())) {
      return fail(Code::kInvalid, str_cat(path, " belongs to another user; remove it"));
    }
    const int err = lock_now(fd.get(), LOCK_EX | LOCK_NB);
    if (err == EWOULDBLOCK) {
      return std::nullopt;
    }
    if (err != 0) {
      return fail_errno(err, str_cat("cannot lock ", path));
    }
    FileLock lock(std::move(fd));
    // Otherwise its last holder has unlinked it, or another process has replaced it, since it was
    // opened: a lock on it excludes no other process.
    if (lock.is_at(path)) {
      return lock;
    }
  }
}

Result<> FileLock::write(const std::string& text) const {
  if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) != 0) {
    return fail_errno(errno, "cannot rewrite a lock file");
  }
  return write_all(fd_.get(), text);
}

bool FileLock::is_at(const std::string& path) const {
  const Result<FileStamp> mine = stat_fd(fd_.get());
  const Result<FileStamp> there = stat_path(path);
  return mine && there && mine->same_file_as(*there);
}

bool is_lock_held(const std::string& path) {
  const Result<Fd> fd = open_path(path, kInspectFlags);
  return fd && lock_now(fd->get(), LOCK_SH | LOCK_NB) == EWOULDBLOCK;
}

void mark_in_use(int fd) {
  // Shared: several processes may use one file.
  lock_now(fd, LOCK_SH);
}

bool is_in_use(const std::string& path) {
  const Result<Fd> fd = open_path(path, kInspectFlags);
  return !fd || lock_now(fd->get(), LOCK_EX | LOCK_NB) != 0;
}

}  // namespace zc::os
