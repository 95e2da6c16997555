// TemporaryFile: a new file under a name that goes away at the end of the scope. By then the file
// may have another one.
//
// Thread: move-only value.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

class TemporaryFile {
 public:
  // For reading and writing, with `permissions` less the umask. Errors: kNotFound (no such
  // directory), kNoSpace, kIo (also when something has the name).
  static Result<TemporaryFile> create(const std::string& path, std::uint32_t permissions);

  TemporaryFile(TemporaryFile&&) noexcept = default;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  // The file gets the name for good, in place of what had it. Returns 0 or an errno value.
  int move_to(const std::string& path);

  const Fd& fd() const { return fd_; }
  const std::string& path() const { return path_; }

 private:
  TemporaryFile(std::string path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}

  std::string path_;
  Fd fd_;
};

}  // namespace zc::os
