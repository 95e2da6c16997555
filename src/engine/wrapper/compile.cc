// What a run of a wrapper depended on: all that it and what it started were seen to do. The drivers
// among these are identified after the run, so that what they start is known for what it is; their
// files are inputs like all others, since no key names them.

#include "engine/wrapper/compile.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/c/failure_messages.h"
#include "compiler/detect.h"
#include "engine/observed/failure.h"
#include "engine/observed/inputs.h"
#include "engine/observed/output_paths.h"
#include "engine/observed/output_text.h"
#include "engine/observed/relations.h"
#include "engine/observed/scripts.h"

namespace zc::engine::wrapper {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using store::InputKind;

// The files of all drivers that the run has started.
Toolchain started_compilers(const Compile& compile, const Trace& trace) {
  Toolchain out;
  for (const TracedProgram& program : trace.programs) {
    const auto detection = compiler::detect(program.path);
    if (!detection || detection->tool != compiler::Tool::kCc) {
      continue;
    }
    if (const auto driver = compile.drivers.driver_at(std::string(program.path), compile)) {
      out.files.insert(out.files.end(), driver->files.begin(), driver->files.end());
    }
  }
  return out;
}

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

// The kernel follows the way to a program, to a script and to its interpreter by itself, and a
// script may make something of where it is. The path alone as the name of a program says whether it
// can be run.
OrBypass<> add_start(const Compile& compile, std::string path, InputList& list) {
  constexpr int kScriptsMax = 4;  // for scripts, as the kernel has it
  for (int scripts = 0; scripts <= kScriptsMax && !path.empty(); ++scripts) {
    path = join_path(compile.cwd, path);
    list.add_fact(compile, InputKind::kRealPath, path);
    list.add_fact(compile, InputKind::kProgram, path);
    list.files.push_back(
        {.kept = {.root = {}, .path = path}, .path = path, .seen_ns = compile.unread_ns()});
    std::string interpreter = interpreter_of(compile.fs, path);
    if (!interpreter.empty()) {
      TRY(check_script(compile.fs, path));
    }
    path = std::move(interpreter);
  }
  return {};
}

OrBypass<> add_starts(const Compile& compile, const Trace& trace, InputList& list) {
  TRY(add_start(compile, compile.tool, list));
  for (const std::string_view start : trace.started) {
    TRY(add_start(compile, start.contains('/') ? std::string(start) : compile.facts.which(start),
                  list));
  }
  return {};
}

}  // namespace

OrBypass<InputList> Compile::learn(const RunOutputs& outputs) {
  TRY_ASSIGN(const Trace trace, read_observation(OutputPaths(*this, fs), fs));
  return learn_from(trace, outputs);
}

std::optional<Digest> Compile::failure_key() const {
  if (!takes_failures) {
    return std::nullopt;
  }
  codec::KeyHasher key("zccache-wrapper-failure-1");
  add_failure(key);
  return key.finish();
}

OrBypass<InputList> Compile::learn_failure(const RunOutputs& outputs) {
  TRY_ASSIGN(const Trace trace, read_observation(OutputPaths(*this, fs), fs));
  TRY(check_failure(compiler::c::are_about_sources(outputs.err), trace));
  return learn_from(trace, outputs);
}

OrBypass<InputList> Compile::learn_from(const Trace& trace, const RunOutputs& outputs) {
  TRY(check_messages(outputs, trace));
  const Toolchain compilers = started_compilers(*this, trace);
  if (compilers.files.empty() && trace.rejection.empty()) {
    return bypass(Reason::kUnsupportedCompiler, tool);
  }
  const InputRules rules;
  const ObservedRun run = {.compile = *this,
                           .trace = trace,
                           .rules = rules,
                           .has_messages = outputs.has_messages(),
                           .sources_are_unlisted = true,
                           .writes_the_time = true,
                           .real_paths_by_directory = true,
                           .shows_real_paths = true,
                           .started_compilers = &compilers};
  InputList list;
  TRY(add_starts(*this, trace, list));
  TRY(ObservedInputs(fs, scans, run, list).collect());
  relate_directories(*this, list);
  relate_files(*this, files, list);
  return list;
}

}  // namespace zc::engine::wrapper
