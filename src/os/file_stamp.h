// FileStamp: what the kernel says about a file, the identity by which content is remembered.
//
// The functions that the hot path is made of return errno values and fill structs instead of
// building Results.
//
// Thread: any. Paths are resolved by the kernel.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"

namespace zc::os {

// Two equal stamps of one path, neither of them racy (see files/file_cache.h), mean equal content:
// ctime cannot be set back by a program.
struct FileStamp {
  std::uint64_t dev = 0;
  std::uint64_t ino = 0;
  std::uint64_t size_bytes = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint32_t mode = 0;   // kind and permissions
  std::uint32_t names = 0;  // hard links

  // The values of kind().
  static constexpr std::uint32_t kRegular = 0100000;
  static constexpr std::uint32_t kDirectory = 0040000;
  static constexpr std::uint32_t kSymlink = 0120000;
  static constexpr std::uint32_t kSocket = 0140000;
  static constexpr std::uint32_t kCharacterDevice = 0020000;

  std::uint32_t kind() const { return mode & 0170000; }
  std::uint32_t permissions() const { return mode & 07777; }
  bool is_regular() const { return kind() == kRegular; }
  bool is_directory() const { return kind() == kDirectory; }
  bool is_symlink() const { return kind() == kSymlink; }
  bool is_socket() const { return kind() == kSocket; }
  bool is_character_device() const { return kind() == kCharacterDevice; }
  // Identity of content; the mode is not part of it.
  bool same_content_as(const FileStamp& o) const {
    return dev == o.dev && ino == o.ino && size_bytes == o.size_bytes && mtime_ns == o.mtime_ns &&
           ctime_ns == o.ctime_ns;
  }
  bool same_file_as(const FileStamp& o) const { return dev == o.dev && ino == o.ino; }
};

// What the kernel says besides, of which content does not depend.
struct FileDetails {
  std::int64_t born_ns = 0;  // 0: the file system does not know
  std::int64_t read_ns = 0;  // when it was read last, as far as the file system notes that
  std::uint32_t user = 0;
  std::uint32_t group = 0;
};

// Whether a symlink in the last component of a path is followed.
enum class LastLink : std::uint8_t { kFollow, kStay };

// A relative `path` is against `directory`, an open one, or against the working directory when that
// is kHere. Returns 0 or an errno value.
inline constexpr int kHere = -1;
int stamp_at(int directory, const char* path, LastLink link, FileStamp& out);
int stamp_of_open(int fd, FileStamp& out);
int details_at(const char* path, LastLink link, FileDetails& out);

// Follows symlinks. Errors: kNotFound, kIo.
Result<FileStamp> stat_path(const std::string& path);
Result<FileStamp> stat_fd(int fd);

// A symlink in the last component is not followed. Errors: kNotFound, kIo; of stat_own_link also
// kInvalid, when it belongs to another user.
Result<FileStamp> stat_link(const std::string& path);
Result<FileStamp> stat_own_link(const std::string& path);

}  // namespace zc::os
