#include "cli/path_programs.h"

#include <algorithm>
#include <optional>

#include "base/cache_names.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/detect.h"
#include "os/directory.h"
#include "os/file_stamp.h"
#include "os/name.h"
#include "os/self.h"

namespace zc::cli {

namespace {

constexpr std::string_view kOwnName = "zccache";

bool is_same_file(const std::string& a, const std::string& b) {
  const Result<os::FileStamp> first = os::stat_path(a);
  const Result<os::FileStamp> second = os::stat_path(b);
  return first && second && first->same_file_as(*second);
}

// The name of the first cache that the symlinks from `path` on lead to, or nothing.
std::optional<std::string> cache_behind(std::string path) {
  constexpr int kSymlinksMax = 8;
  for (int i = 0; i < kSymlinksMax; ++i) {
    const std::optional<std::string> next = os::symlink_target(path);
    if (!next) {
      return std::nullopt;
    }
    if (is_cache_name(base_name(*next))) {
      return std::string(base_name(*next));
    }
    path = join_path(dir_name(path), *next);
  }
  return std::nullopt;
}

bool can_run(const std::string& path) {
  const Result<os::FileStamp> stamp = os::stat_path(path);
  return stamp && stamp->is_regular() && os::check_right(path, os::Right::kExecute) == 0;
}

std::vector<std::string_view> directories_of(std::string_view search_path) {
  std::vector<std::string_view> out;
  for (const std::string_view directory : split(search_path, ':')) {
    if (is_absolute(directory) && std::ranges::find(out, directory) == out.end()) {
      out.push_back(directory);
    }
  }
  return out;
}

}  // namespace

bool is_worth_a_link(std::string_view name) {
  const std::optional<compiler::ObjectTool> tool = compiler::detect_object_tool(name);
  return compiler::detect(name) || compiler::is_declared_tool(name) ||
         (tool && *tool != compiler::ObjectTool::kLinker);
}

Stands what_stands_at(const std::string& path, const std::string& client) {
  if (is_same_file(path, client)) {
    return Stands::kForUs;
  }
  const std::optional<std::string> cache = cache_behind(path);
  if (!cache) {
    return Stands::kForItself;
  }
  return *cache == kOwnName ? Stands::kForOtherZccache : Stands::kForOtherCache;
}

std::vector<PathProgram> programs_on_path(std::string_view search_path, const std::string& client) {
  std::vector<PathProgram> out;
  for (const std::string_view directory : directories_of(search_path)) {
    std::vector<std::string> names = os::names_in(std::string(directory));
    std::ranges::sort(names);
    for (const std::string& name : names) {
      if (!is_worth_a_link(name)) {
        continue;
      }
      std::string path = join_path(directory, name);
      const Stands stands = what_stands_at(path, client);
      if (stands == Stands::kForOtherZccache || can_run(path)) {
        out.push_back({.name = name, .path = std::move(path), .stands = stands});
      }
    }
  }
  return out;
}

std::optional<std::string> find_program(std::string_view search_path, std::string_view word) {
  if (word.contains('/')) {
    std::string path(word);
    return can_run(path) ? std::optional(std::move(path)) : std::nullopt;
  }
  for (const std::string_view directory : split(search_path, ':')) {
    std::string path = join_path(directory.empty() ? "." : directory, word);
    if (can_run(path)) {
      return path;
    }
  }
  return std::nullopt;
}

std::string stable_client(std::string_view search_path) {
  const Result<std::string> own = os::own_path();
  if (!own) {
    return {};
  }
  std::string beside = join_path(dir_name(*own), kOwnName);
  for (const std::string_view directory : directories_of(search_path)) {
    std::string path = join_path(directory, kOwnName);
    if (is_same_file(path, beside)) {
      return path;
    }
  }
  return beside;
}

}  // namespace zc::cli
