// Whole files: read, write, replace; and FileStamp, the identity by which content is remembered.
//
// Every function retries EINTR. Paths are resolved by the kernel, through symlinks.
// Thread: any.
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

// What the kernel says about a file. Two equal stamps of one path, neither of them racy (see
// files/file_cache.h), mean equal content: ctime cannot be set back by a program.
struct FileStamp {
  std::uint64_t dev = 0;
  std::uint64_t ino = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint32_t mode = 0;
  std::uint32_t names = 0;  // hard links

  bool is_regular() const { return S_ISREG(mode); }
  bool is_directory() const { return S_ISDIR(mode); }
  // Identity of content; the mode is not part of it.
  bool same_content_as(const FileStamp& o) const {
    return dev == o.dev && ino == o.ino && size_bytes == o.size_bytes && mtime_ns == o.mtime_ns &&
           ctime_ns == o.ctime_ns;
  }
  bool same_file_as(const FileStamp& o) const { return dev == o.dev && ino == o.ino; }
};

FileStamp stamp_of(const struct stat& st);

// Follows symlinks. Errors: kNotFound, kIo.
Result<FileStamp> stat_path(const std::string& path);
Result<FileStamp> stat_fd(int fd);

// Opens with O_CLOEXEC. Errors: kNotFound, kNoSpace, kIo; the message names the path.
Result<Fd> open_path(const std::string& path, int flags, mode_t mode = 0);

// Reads from the current offset to the end. Errors: kInvalid above `bytes_max`, kIo.
Result<std::string> read_fd(int fd, std::uint64_t bytes_max);
Result<std::string> read_path(const std::string& path, std::uint64_t bytes_max);

Result<> write_all(int fd, std::string_view bytes);

// Writes a new file beside `path` with `mode` and renames it over `path`; a reader sees the old
// bytes or the new ones. Not synced.
Result<> replace_file(const std::string& path, std::string_view bytes, mode_t mode);

// Makes `to`, which is empty, share the blocks of `from`; false where the file system cannot.
bool clone_fd(int from, int to);

// Copies all of `from`, from offset 0, to `to` at its current offset: FICLONE, else
// copy_file_range, else read and write. Errors: kNoSpace, kIo.
Result<> copy_fd(int from, int to, std::uint64_t size_bytes);

// mkdir -p with mode 0700 for each directory that is missing.
Result<> make_directories(const std::string& path);

}  // namespace zc::os
