#include "support/mem_file_system.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/path.h"
#include "base/str.h"

namespace zc::test {

namespace {

std::string normalise(std::string_view path) {
  std::vector<std::string_view> parts;
  for (const std::string_view part : split(path, '/')) {
    if (part == "..") {
      if (!parts.empty()) {
        parts.pop_back();
      }
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  std::string out;
  for (const std::string_view part : parts) {
    str_append(out, '/', part);
  }
  return out.empty() ? "/" : out;
}

}  // namespace

MemFileSystem::MemFileSystem() {
  touch("/", S_IFDIR | 0755);
}

std::string MemFileSystem::resolve(os::DirectoryHandle at, const char* path, bool follow) const {
  const std::string base = at == kNoDirectory ? "/" : handles_.at(static_cast<std::size_t>(at));
  std::string out = normalise(join_path(base, path));
  if (const std::string directory(dir_name(out)); directory != "/") {
    out = join_path(resolve(kNoDirectory, directory.c_str(), true), base_name(out));
  }
  for (int links = 0; follow && links < 8; ++links) {
    const auto it = nodes_.find(out);
    if (it == nodes_.end() || !S_ISLNK(it->second.stamp.mode)) {
      break;
    }
    out = normalise(join_path(dir_name(out), it->second.target));
  }
  return out;
}

MemFileSystem::Node& MemFileSystem::touch(const std::string& path, std::uint32_t mode) {
  if (path != "/") {
    make_directory(std::string(dir_name(path)));
  }
  const auto [it, is_new] = nodes_.try_emplace(path);
  Node& node = it->second;
  if (is_new) {
    node.stamp.dev = 1;
    node.stamp.ino = next_ino_++;
    node.stamp.names = 1;
    node.details = {.born_ns = now_ns_, .read_ns = now_ns_};
    changed(std::string(dir_name(path)));
  }
  node.stamp.mode = mode;
  node.stamp.mtime_ns = now_ns_;
  node.stamp.ctime_ns = now_ns_;
  return node;
}

void MemFileSystem::changed(const std::string& directory) {
  if (const auto it = nodes_.find(directory); it != nodes_.end()) {
    it->second.stamp.mtime_ns = now_ns_;
    it->second.stamp.ctime_ns = now_ns_;
  }
}

void MemFileSystem::make_directory(const std::string& path) {
  if (!nodes_.contains(path)) {
    touch(path, S_IFDIR | 0755);
  }
}

void MemFileSystem::write(const std::string& path, const std::string& bytes) {
  Node& node = touch(path, S_IFREG | 0644);
  node.bytes = bytes;
  node.stamp.size_bytes = bytes.size();
}

void MemFileSystem::write_keeping_mtime(const std::string& path, const std::string& bytes) {
  const std::int64_t mtime_ns = nodes_.at(path).stamp.mtime_ns;
  write(path, bytes);
  nodes_.at(path).stamp.mtime_ns = mtime_ns;
}

void MemFileSystem::link(const std::string& path, const std::string& target) {
  touch(path, S_IFLNK | 0777).target = target;
}

void MemFileSystem::hard_link(const std::string& path, const std::string& target) {
  Node& node = nodes_.at(target);
  ++node.stamp.names;
  touch(path, S_IFREG | 0644) = node;
}

void MemFileSystem::set_mode(const std::string& path, std::uint32_t mode) {
  nodes_.at(path).stamp.mode = mode;
}

void MemFileSystem::remove(const std::string& path) {
  std::erase_if(nodes_, [&](const auto& entry) {
    return entry.first == path || entry.first.starts_with(path + "/");
  });
  changed(std::string(dir_name(path)));
}

void MemFileSystem::rename(const std::string& from, const std::string& to) {
  Node node = nodes_.at(from);
  remove(from);
  make_directory(std::string(dir_name(to)));
  node.stamp.ctime_ns = now_ns_;
  nodes_.insert_or_assign(to, std::move(node));
  changed(std::string(dir_name(to)));
}

// Why nothing is at an absolute path: ENOTDIR if a step of the way to it is a file.
int MemFileSystem::missing_error(const std::string& path) const {
  for (std::string_view step = dir_name(path); step.size() > 1; step = dir_name(step)) {
    const auto it = nodes_.find(resolve(kNoDirectory, std::string(step).c_str(), true));
    if (it != nodes_.end()) {
      return it->second.stamp.is_directory() ? ENOENT : ENOTDIR;
    }
  }
  return ENOENT;
}

int MemFileSystem::stat_link(os::DirectoryHandle at, const char* path, os::FileStamp& out) const {
  ++stats;
  const std::string resolved = resolve(at, path, false);
  const auto it = nodes_.find(resolved);
  if (it == nodes_.end()) {
    return missing_error(resolved);
  }
  out = it->second.stamp;
  return 0;
}

int MemFileSystem::stat(os::DirectoryHandle at, const char* path, os::FileStamp& out) const {
  return stat_link(kNoDirectory, resolve(at, path, true).c_str(), out);
}

int MemFileSystem::look_closely(const char* path, os::LastLink link, os::FileDetails& out) const {
  const auto it = nodes_.find(resolve(kNoDirectory, path, link == os::LastLink::kFollow));
  if (it == nodes_.end()) {
    return ENOENT;
  }
  out = it->second.details;
  return 0;
}

int MemFileSystem::stat_handle(os::DirectoryHandle directory, os::FileStamp& out) const {
  return stat_link(directory, ".", out);
}

int MemFileSystem::open_directory(os::DirectoryHandle at, const char* path,
                                  os::DirectoryHandle& out) const {
  const std::string target = resolve(at, path, true);
  const auto it = nodes_.find(target);
  if (it == nodes_.end()) {
    return missing_error(target);
  }
  if (!it->second.stamp.is_directory()) {
    return ENOTDIR;
  }
  handles_.push_back(target);
  out = static_cast<os::DirectoryHandle>(handles_.size() - 1);
  return 0;
}

int MemFileSystem::open_real_directory(const char* path, os::DirectoryHandle& out) const {
  return resolve(kNoDirectory, path, true) == path ? open_directory(kNoDirectory, path, out)
                                                   : ELOOP;
}

void MemFileSystem::close_directory(os::DirectoryHandle directory) const {
  handles_.at(static_cast<std::size_t>(directory)).clear();
}

std::size_t MemFileSystem::open_handles() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(handles_, [](const std::string& path) { return !path.empty(); }));
}

Result<os::FileStamp> MemFileSystem::read_into(os::DirectoryHandle at, const char* path,
                                               std::uint64_t bytes_max,
                                               const os::ByteSink& sink) const {
  ++reads;
  const auto it = nodes_.find(resolve(at, path, true));
  if (it == nodes_.end()) {
    return fail_errno(ENOENT, path);
  }
  if (!it->second.stamp.is_regular() || it->second.bytes.size() > bytes_max) {
    return fail(Code::kInvalid, path);
  }
  sink(it->second.bytes);
  if (const auto event = std::exchange(while_reading_, nullptr)) {
    event();
  }
  return it->second.stamp;
}

Result<std::string> MemFileSystem::read_beginning(const std::string& path,
                                                  std::size_t bytes_max) const {
  const auto it = nodes_.find(resolve(kNoDirectory, path.c_str(), true));
  if (it == nodes_.end()) {
    return fail_errno(ENOENT, path);
  }
  if (!it->second.stamp.is_regular()) {
    return fail(Code::kInvalid, path);
  }
  return it->second.bytes.substr(0, bytes_max);
}

Result<std::vector<std::string>> MemFileSystem::list(os::DirectoryHandle at,
                                                     const char* path) const {
  const auto it = nodes_.find(resolve(at, path, true));
  if (it == nodes_.end() || !it->second.stamp.is_directory()) {
    return fail_errno(ENOENT, path);
  }
  std::vector<std::string> names;
  for (const auto& [other, node] : nodes_) {
    if (other != it->first && dir_name(other) == it->first) {
      names.emplace_back(base_name(other));
    }
  }
  return names;
}

Result<std::string> MemFileSystem::read_link(const std::string& path) const {
  const auto it = nodes_.find(normalise(path));
  if (it == nodes_.end()) {
    return fail_errno(ENOENT, path);
  }
  if (!S_ISLNK(it->second.stamp.mode)) {
    return fail(Code::kInvalid, path);
  }
  return it->second.target;
}

Result<std::string> MemFileSystem::real_path(const std::string& path) const {
  const std::string real = resolve(kNoDirectory, path.c_str(), true);
  return nodes_.contains(real) ? Result<std::string>(real) : fail_errno(ENOENT, path);
}

}  // namespace zc::test
