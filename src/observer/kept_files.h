// Files that a second run must leave alone, since the first one has (channel.h): a call that would
// change one fails, as on a file system that is read-only.
//
// Thread: any, also between vfork and exec; no state.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <type_traits>

#include "observer/channel.h"
#include "observer/kernel.h"

namespace zc::observer {

enum class LastLink : int { kFollow = 0, kItself = AT_SYMLINK_NOFOLLOW };

// Devices and pipes are no files that one could lose.
inline bool is_kept(int directory, const char* path, LastLink link) {
  constexpr long kSecondNs = 1'000'000'000;
  const long before_ns = kept_before_ns();
  struct stat file = {};
  return before_ns != 0 && kernel::stat_at(directory, path, static_cast<int>(link), file) &&
         (S_ISREG(file.st_mode) || S_ISDIR(file.st_mode) || S_ISLNK(file.st_mode)) &&
         file.st_ctim.tv_sec * kSecondNs + file.st_ctim.tv_nsec < before_ns;
}

// The result of `call`, which returns -1 or a null pointer if it fails.
template <class Call>
auto unless(bool is_kept, Call call) {
  using Result = decltype(call());
  if (!is_kept) {
    return call();
  }
  errno = EROFS;
  if constexpr (std::is_pointer_v<Result>) {
    return Result{nullptr};
  } else {
    return Result{-1};
  }
}

}  // namespace zc::observer
