#include "engine/emscripten/compile.h"

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "engine/emscripten/habits.h"

namespace zc::engine::emscripten {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// What Emscripten has in the directory of its own cache as soon as it has filled that.
constexpr std::string_view kStampOfCache = "sysroot_install.stamp";
// What python keeps of the modules that it has read.
constexpr std::string_view kPythonModule = ".pyc";

// A run that fills a cache takes other ways than the next one, which finds it filled.
bool is_in_a_cache(const os::FileSystem& fs, std::string_view path) {
  if (path.ends_with(kPythonModule)) {
    return true;
  }
  for (std::string_view directory = dir_name(path); directory != "/";
       directory = dir_name(directory)) {
    os::FileStamp stamp;
    const std::string stamp_of_cache = str_cat(directory, '/', kStampOfCache);
    if (fs.stat(os::FileSystem::kNoDirectory, stamp_of_cache.c_str(), stamp) == 0) {
      return true;
    }
  }
  return false;
}

// Names of temporary files are random. One that lies where no output does is known by its name
// there, or by that of its directory.
std::set<std::string_view> temporary_names(const Trace& trace) {
  std::set<std::string_view> directories;
  for (const LeftPath& left : trace.left) {
    directories.insert(dir_name(left.path));
  }
  const std::set<std::string_view> passing(trace.passing.begin(), trace.passing.end());
  std::set<std::string_view> out;
  for (const std::string_view path : passing) {
    const std::string_view directory = dir_name(path);
    if (!passing.contains(directory) && !directories.contains(directory)) {
      out.insert(base_name(path));
    }
  }
  return out;
}

OrBypass<> check_outputs(const os::FileSystem& fs, const Trace& trace) {
  const std::set<std::string_view> names = temporary_names(trace);
  for (const LeftPath& left : trace.left) {
    const std::string path(left.path);
    os::FileStamp stamp;
    if (fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) != 0 || !stamp.is_regular()) {
      continue;
    }
    const auto output = fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax);
    if (!output) {
      return bypass(Reason::kModifiedOutputFile, path);
    }
    const auto found = std::ranges::find_if(
        names, [&](std::string_view name) { return output->bytes.contains(name); });
    if (found != names.end()) {
      return bypass(Reason::kUnrepeatableInput, str_cat(path, " names ", *found));
    }
  }
  return {};
}

}  // namespace

OrBypass<std::unique_ptr<InputRules>> Compile::rules_for(const Trace& trace) const {
  for (const LeftPath& left : trace.left) {
    if (is_in_a_cache(fs, left.path) && !Habits::is_lock(left.path)) {
      return bypass(Reason::kSideEffect, std::string(left.path));
    }
  }
  TRY(check_outputs(fs, trace));
  return std::make_unique<Habits>(fs, env, trace);
}

}  // namespace zc::engine::emscripten
