// FileLock: an exclusive lock on a file, for as long as the object (or a process that inherited its
// descriptor) lives. It is the kernel's own (flock), so a holder that dies lets go at once and
// there is nothing stale to clean up.
//
// A lock file may be unlinked by its holder. A process that takes a lock therefore checks that the
// name still leads to the file that was locked.
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
  // Creates `path` (mode 0600) if missing. Never waits. Nothing when another FileLock, of this
  // process or another one, has it. Errors: kNotFound (no such directory), kInvalid (a file of
  // another user), kIo.
  static Result<std::optional<FileLock>> try_take(const std::string& path);

  int fd() const { return fd_.get(); }

  // Replaces the content of the file. A reader may see a part of it. Errors: kNoSpace, kIo.
  Result<> write(const std::string& text) const;

  // Whether `path` still names the locked file.
  bool is_at(const std::string& path) const;

 private:
  explicit FileLock(Fd fd) : fd_(std::move(fd)) {}

  Fd fd_;
};

// Whether a process holds the lock. False as well for a file that is missing or cannot be opened.
// The check takes a shared lock for a moment, so a taker that must not fail because of a mere check
// tries more than once.
bool is_lock_held(const std::string& path);

// Marks an open file as in use for as long as the descriptor lives; see is_in_use.
void mark_in_use(int fd);

// Whether some process has marked the file; true as well if this cannot be found out, so that files
// are removed only if they are certainly unused.
bool is_in_use(const std::string& path);

}  // namespace zc::os
