// FileLock: an exclusive lock on a file, for as long as the object (or a process that inherited its
// descriptor) lives. It is the kernel's own (flock), so a holder that dies lets go at once and
// there is nothing stale to clean up.
//
// A lock file may be unlinked by its holder. Whoever takes a lock therefore checks that the name
// still leads to the file that was locked.
//
// Thread: any; move-only value.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

class FileLock {
 public:
  // Creates `path` (mode 0600) if missing. Nothing when somebody else holds it. Errors: kNotFound
  // (no such directory), kInvalid (a file of another user), kIo.
  static Result<std::optional<FileLock>> try_take(const std::string& path);

  int fd() const { return fd_.get(); }

  // Replaces what the file says.
  Result<> write(const std::string& text) const;

  // Whether `path` still names the locked file.
  bool is_at(const std::string& path) const;

 private:
  explicit FileLock(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
};

// Whether somebody holds the lock. Asking takes a shared lock for a moment, so a taker that must
// not be turned away by a mere question tries more than once.
bool is_lock_held(const std::string& path);

// Marks an open file as in use for as long as the descriptor lives; see is_in_use.
void mark_in_use(int fd);

// Whether some process has marked the file, or it cannot be told.
bool is_in_use(const std::string& path);

}  // namespace zc::os
