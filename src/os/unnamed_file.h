// UnnamedFile: a file that is filled under no name (O_TMPFILE) and then takes the place of what is
// at its path, so that a reader sees the old bytes or the new ones, and a kill leaves no debris.
// Measured on ext4, unlink and linkat cost a quarter of a rename over the old file, which makes
// ext4 flush.
//
// On a file system without such files it has a temporary name beside the path; where the kernel
// lets a file without a name have none (before Linux 6.10 without /proc), it is copied to one when
// it is published.
//
// Thread: move-only value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "os/fd.h"
#include "os/file_stamp.h"
#include "os/temporary_file.h"

namespace zc::os {

class UnnamedFile {
 public:
  // With `permissions` less the umask. Errors: kNotFound, kNoSpace, kIo.
  static Result<UnnamedFile> make(const std::string& path, std::uint32_t permissions);

  // The same, where it leaves no trace if it is never published. Errors: also kUnavailable.
  static Result<UnnamedFile> make_traceless(const std::string& path, std::uint32_t permissions);

  const std::string& path() const { return path_; }
  const Fd& fd() const { return temporary_ ? temporary_->fd() : fd_; }

  // Best effort, and whatever the umask is.
  void set_permissions(std::uint32_t permissions) const;

  // Takes the place of what was there. Errors: kNoSpace, kIo.
  Result<> publish();

  // The same, with the stamp that the file has under its name, if what was written through fd() is
  // its content by that stamp for certain. The kernel must have fine times (fine_times.h).
  Result<std::optional<FileStamp>> publish_stamped();

 private:
  UnnamedFile(std::string path, Fd fd) : path_(std::move(path)), fd_(std::move(fd)) {}
  Result<> clear_place() const;
  Result<> take_place_as_temporary();
  Result<> copy_to_name();

  std::string path_;
  Fd fd_;
  std::optional<TemporaryFile> temporary_;  // instead of fd_, once there is one
};

}  // namespace zc::os
