#include "engine/wrapper/started.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/detect.h"
#include "engine/observed/scripts.h"

namespace zc::engine::wrapper {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using store::InputKind;

// What a script may change unseen for the programs that it starts: where the loader looks for
// libraries in vain, and the modes of new files.
constexpr std::array<std::string_view, 2> kUnseenChanges = {"LD_LIBRARY_PATH", "umask"};

OrBypass<> check_script(const os::FileSystem& fs, const std::string& path) {
  const auto script = fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax);
  if (!script) {
    return bypass(Reason::kModifiedInputFile, path);
  }
  const auto* const found = std::ranges::find_if(
      kUnseenChanges, [&](std::string_view word) { return script->bytes.contains(word); });
  return found == kUnseenChanges.end() ? OrBypass<>()
                                       : bypass(Reason::kNotObserved, str_cat(path, ": ", *found));
}

// A script may make something of where it is. The path alone as the name of a program says whether
// it can be run.
OrBypass<> add_start(const os::FileSystem& fs, const ObservedCompile& compile, std::string path,
                     InputList& list) {
  constexpr int kScriptsMax = 4;  // for scripts, as the kernel has it
  for (int scripts = 0; scripts <= kScriptsMax && !path.empty(); ++scripts) {
    path = join_path(compile.cwd, path);
    list.add_fact(compile, InputKind::kRealPath, path);
    list.add_fact(compile, InputKind::kProgram, path);
    list.files.push_back(
        {.kept = {.root = {}, .path = path}, .path = path, .seen_ns = compile.unread_ns()});
    std::string interpreter = interpreter_of(fs, path);
    if (!interpreter.empty()) {
      TRY(check_script(fs, path));
    }
    path = std::move(interpreter);
  }
  return {};
}

}  // namespace

Toolchain started_compilers(c::Drivers& drivers, const ObservedCompile& compile,
                            const Trace& trace) {
  Toolchain out;
  for (const TracedProgram& program : trace.programs) {
    const auto detection = compiler::detect(program.path);
    if (!detection || !compiler::is_driver(detection->tool)) {
      continue;
    }
    if (const auto driver = drivers.driver_at(std::string(program.path), compile)) {
      out.files.insert(out.files.end(), driver->files.begin(), driver->files.end());
    }
  }
  return out;
}

OrBypass<> add_starts(const os::FileSystem& fs, const ObservedCompile& compile, const Trace& trace,
                      InputList& list) {
  TRY(add_start(fs, compile, compile.tool, list));
  for (const std::string_view start : trace.started) {
    TRY(add_start(fs, compile,
                  start.contains('/') ? std::string(start) : compile.facts.which(start), list));
  }
  return {};
}

}  // namespace zc::engine::wrapper
