#include "engine/emscripten/compile.h"

#include <algorithm>
#include <string>
#include <string_view>

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
// Where python keeps the modules that it has read.
constexpr std::string_view kPythonCache = "__pycache__";

// A run that fills a cache takes other ways than the next one, which finds it filled.
bool is_in_a_cache(const os::FileSystem& fs, std::string_view path) {
  for (std::string_view directory = dir_name(path); directory != "/";
       directory = dir_name(directory)) {
    os::FileStamp stamp;
    const std::string stamp_of_cache = str_cat(directory, '/', kStampOfCache);
    if (base_name(directory) == kPythonCache ||
        fs.stat(os::FileSystem::kNoDirectory, stamp_of_cache.c_str(), stamp) == 0) {
      return true;
    }
  }
  return false;
}

// A descriptor that the caller has opened: what comes from there is in no key.
bool is_descriptor(std::string_view path) {
  const std::string_view directory = dir_name(path);
  return path == "/dev/stdin" || directory == "/dev/fd" ||
         (directory.starts_with("/proc/") && base_name(directory) == "fd");
}

}  // namespace

OrBypass<std::unique_ptr<InputRules>> Compile::rules_for(const Trace& trace) const {
  for (const LeftPath& left : trace.left) {
    if (is_in_a_cache(fs, left.path)) {
      return bypass(Reason::kSideEffect, std::string(left.path));
    }
  }
  const auto descriptor = std::ranges::find_if(
      trace.openings, [](const Opening& opening) { return is_descriptor(opening.path); });
  if (descriptor != trace.openings.end()) {
    return bypass(Reason::kOpenDescriptors, std::string(descriptor->path));
  }
  return std::make_unique<Habits>(fs, env, trace);
}

}  // namespace zc::engine::emscripten
