// MemFileSystem: a made-up file system with a clock that only moves when told, for tests of code
// that asks os::FileSystem.
//
//   MemFileSystem fs;
//   fs.write("/w/a.h", "int a;");   // missing directories come along
//   fs.tick();                      // one second later: stamps are no longer racy
//
// Paths are absolute or relative to an opened directory; "." and ".." are resolved lexically.
//
// Thread: one.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "os/file_system.h"

namespace zc::test {

class MemFileSystem final : public os::FileSystem {
 public:
  MemFileSystem();

  // A new file gets a new inode; an old one keeps its own.
  void write(const std::string& path, const std::string& bytes);
  // Same size and mtime as before: only ctime tells.
  void write_keeping_mtime(const std::string& path, const std::string& bytes);
  void make_directory(const std::string& path);
  void link(const std::string& path, const std::string& target);
  // A second name for a file as it is now: a later change of one is none of the other.
  void hard_link(const std::string& path, const std::string& target);
  // Type and permissions: S_IFREG | 0755 for a program, S_IFIFO | 0600 for a pipe.
  void set_mode(const std::string& path, std::uint32_t mode);
  // Owner and times beyond those of the stamp.
  os::FileDetails& details_of(const std::string& path) { return nodes_.at(path).details; }
  // Of a directory, as file systems give it.
  void set_size(const std::string& path, std::uint64_t bytes) {
    nodes_.at(path).stamp.size_bytes = bytes;
  }
  void remove(const std::string& path);
  void rename(const std::string& from, const std::string& to);
  void tick(std::int64_t ns = 1'000'000'000) { now_ns_ += ns; }

  // Happens once, while the next file is read: after its bytes were taken.
  void while_reading(std::function<void()> event) { while_reading_ = std::move(event); }

  bool is_local = true;  // and not kept by a server

  // Calls since the last reset: how much work a look costs.
  mutable std::atomic<int> stats = 0;  // threads of a daemon may look at the same time
  mutable int reads = 0;

  int stat(os::DirectoryHandle at, const char* path, os::FileStamp& out) const override;
  int stat_link(os::DirectoryHandle at, const char* path, os::FileStamp& out) const override;
  int look_closely(const char* path, os::LastLink link, os::FileDetails& out) const override;
  int stat_handle(os::DirectoryHandle directory, os::FileStamp& out) const override;
  bool has_times_of_its_own(os::DirectoryHandle) const override { return is_local; }
  int open_directory(os::DirectoryHandle at, const char* path,
                     os::DirectoryHandle& out) const override;
  int open_real_directory(os::DirectoryHandle at, const char* path,
                          os::DirectoryHandle& out) const override;
  void close_directory(os::DirectoryHandle directory) const override;
  Result<os::FileStamp> read_into(os::DirectoryHandle at, const char* path, std::uint64_t bytes_max,
                                  const os::ByteSink& sink) const override;
  Result<std::string> read_beginning(const std::string& path, std::size_t bytes_max) const override;
  Result<std::vector<std::string>> list(os::DirectoryHandle at, const char* path) const override;
  Result<std::string> read_link(const std::string& path) const override;
  Result<std::string> real_path(const std::string& path) const override;
  std::int64_t now_ns() const override { return now_ns_; }

  // Directory handles that have not been closed.
  std::size_t open_handles() const;

 private:
  struct Node {
    os::FileStamp stamp;
    os::FileDetails details;
    std::string bytes;   // of a file
    std::string target;  // of a symlink
  };

  std::string resolve(os::DirectoryHandle at, const char* path, bool follow) const;
  int missing_error(const std::string& path) const;
  Node& touch(const std::string& path, std::uint32_t mode);
  void changed(const std::string& directory);

  std::map<std::string, Node> nodes_;
  std::int64_t now_ns_ = 1'700'000'000'123'456'789;
  std::uint64_t next_ino_ = 1;
  mutable std::vector<std::string> handles_;  // "" when closed
  mutable std::function<void()> while_reading_;
};

}  // namespace zc::test
