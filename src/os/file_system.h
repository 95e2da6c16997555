// FileSystem: the few things that the engine requests from the disk, as an interface, so that
// everything above it can run against a made-up world in tests. PosixFileSystem is the real one.
//
// The hot path of a hit is made of these calls, so they give errno values and fill structs instead
// of building Results.
//
// Thread: any; implementations have no mutable state of their own.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/file.h"

namespace zc::os {

// A directory held open for looking up names in it. Closed by FileSystem::close_directory.
using DirectoryHandle = int;

struct StableFile {
  std::string bytes;
  FileStamp stamp;            // the same before and after reading
  std::int64_t begun_ns = 0;  // when the reading began, on the clock of file timestamps
};

// Takes a file piece by piece.
using ByteSink = std::function<void(std::string_view bytes)>;

// Whether an errno value of a look-up says that the path leads to nothing for this user: it is not
// there, or there is no way to it. Programs that look for a file pass on to the next place then.
bool leads_nowhere(int err);

class FileSystem {
 public:
  virtual ~FileSystem() = default;

  // Follows symlinks. Returns 0 or an errno value. A relative `path` is against `at`, a directory
  // handle, or against nothing at all (callers pass absolute paths) when `at` is kNoDirectory.
  static constexpr DirectoryHandle kNoDirectory = kHere;
  virtual int stat(DirectoryHandle at, const char* path, FileStamp& out) const = 0;
  // The same without following a symlink in the last component.
  virtual int stat_link(DirectoryHandle at, const char* path, FileStamp& out) const = 0;
  // More about an absolute path.
  virtual int look_closely(const char* path, LastLink link, FileDetails& out) const = 0;
  // Of the directory itself that the handle stands for.
  virtual int stat_handle(DirectoryHandle directory, FileStamp& out) const = 0;

  // Whether each name that is made in the directory or removed from it certainly changes its stamp.
  // Of a file system that a server or a program keeps, that is not known.
  virtual bool has_times_of_its_own(DirectoryHandle directory) const = 0;

  // Returns 0 or an errno value.
  virtual int open_directory(DirectoryHandle at, const char* path, DirectoryHandle& out) const = 0;
  // The same, but an error if a symlink lies on the way from `at` to `path`, itself included.
  virtual int open_real_directory(DirectoryHandle at, const char* path,
                                  DirectoryHandle& out) const = 0;
  // Each opened handle is closed once; OpenDirectory below does so by itself.
  virtual void close_directory(DirectoryHandle directory) const = 0;

  // Reads a plain file from its beginning to its end. Its stamp is the same before and after.
  // The time at which the file was read last stays as it is, if it is ours.
  // `sink` gets the pieces before it is known whether the file is stable: after an error the caller
  // must drop what came of them. Errors: kNotFound, kInvalid (not a plain file, or larger than
  // `bytes_max`), kUnavailable (it changed while it was read), kIo.
  virtual Result<FileStamp> read_into(DirectoryHandle at, const char* path, std::uint64_t bytes_max,
                                      const ByteSink& sink) const = 0;
  // The same, into memory.
  Result<StableFile> read(DirectoryHandle at, const char* path, std::uint64_t bytes_max) const;

  // The first bytes of the plain file at the absolute `path`, up to `bytes_max`; fewer if it has no
  // more. Leaves the time of access as read_into does. Errors: kNotFound, kInvalid (not a plain
  // file), kIo.
  virtual Result<std::string> read_beginning(const std::string& path,
                                             std::size_t bytes_max) const = 0;

  // Names in a directory, without "." and "..", in the order of readdir. `at` and `path` as for
  // stat. Errors: kNotFound, kIo.
  virtual Result<std::vector<std::string>> list(DirectoryHandle at, const char* path) const = 0;

  // The text of the symlink at the absolute `path`. Errors: kNotFound, kInvalid (it is none), kIo.
  virtual Result<std::string> read_link(const std::string& path) const = 0;

  // The absolute path without symlinks. Errors: kNotFound, kIo.
  virtual Result<std::string> real_path(const std::string& path) const = 0;

  // CLOCK_REALTIME, the clock of file timestamps.
  virtual std::int64_t now_ns() const = 0;
};

class PosixFileSystem final : public FileSystem {
 public:
  int stat(DirectoryHandle at, const char* path, FileStamp& out) const override;
  int stat_link(DirectoryHandle at, const char* path, FileStamp& out) const override;
  int look_closely(const char* path, LastLink link, FileDetails& out) const override;
  int stat_handle(DirectoryHandle directory, FileStamp& out) const override;
  bool has_times_of_its_own(DirectoryHandle directory) const override;
  int open_directory(DirectoryHandle at, const char* path, DirectoryHandle& out) const override;
  int open_real_directory(DirectoryHandle at, const char* path,
                          DirectoryHandle& out) const override;
  void close_directory(DirectoryHandle directory) const override;
  Result<FileStamp> read_into(DirectoryHandle at, const char* path, std::uint64_t bytes_max,
                              const ByteSink& sink) const override;
  Result<std::string> read_beginning(const std::string& path, std::size_t bytes_max) const override;
  Result<std::vector<std::string>> list(DirectoryHandle at, const char* path) const override;
  Result<std::string> read_link(const std::string& path) const override;
  Result<std::string> real_path(const std::string& path) const override;
  std::int64_t now_ns() const override;
};

// A directory handle that closes itself. Borrows the file system.
class OpenDirectory {
 public:
  explicit OpenDirectory(const FileSystem& fs) : fs_(&fs) {}
  OpenDirectory(const OpenDirectory&) = delete;
  OpenDirectory& operator=(const OpenDirectory&) = delete;
  ~OpenDirectory() { close(); }

  // Returns 0 or an errno value.
  int open(DirectoryHandle at, const char* path) {
    close();
    return fs_->open_directory(at, path, handle_);
  }
  DirectoryHandle handle() const { return handle_; }
  bool valid() const { return handle_ != FileSystem::kNoDirectory; }

 private:
  void close() {
    if (valid()) {
      fs_->close_directory(handle_);
      handle_ = FileSystem::kNoDirectory;
    }
  }

  const FileSystem* fs_;
  DirectoryHandle handle_ = FileSystem::kNoDirectory;
};

}  // namespace zc::os
