// What a run of a wrapper depended on: all that it and what it started were seen to do. The files
// of the drivers among these are inputs like all others, since no key names them.

#include "engine/wrapper/compile.h"

#include "compiler/c/failure_messages.h"
#include "engine/observed/coff_stamp.h"
#include "engine/observed/failure.h"
#include "engine/observed/inputs.h"
#include "engine/observed/output_paths.h"
#include "engine/observed/output_text.h"
#include "engine/observed/relations.h"
#include "engine/wrapper/started.h"

namespace zc::engine::wrapper {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

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
  const Toolchain started = started_compilers(drivers, *this, trace);
  if (started.files.empty() && trace.rejection.empty()) {
    compilers.add(identity);
    return bypass(Reason::kUnsupportedCompiler, tool);
  }
  TRY(check_coff_stamps(trace, outputs));
  const InputRules rules;
  const ObservedRun run = {.compile = *this,
                           .trace = trace,
                           .rules = rules,
                           .has_messages = outputs.has_messages(),
                           .sources_are_unlisted = true,
                           .writes_the_time = true,
                           .real_paths_by_directory = true,
                           .shows_real_paths = true,
                           .looks_at_links = true,
                           .started_compilers = &started};
  InputList list;
  TRY(add_starts(fs, *this, trace, list));
  TRY(ObservedInputs(fs, scans, run, list).collect());
  relate_directories(*this, list);
  relate_files(*this, files, list);
  TRY(times.refuse(*this, list));
  return list;
}

}  // namespace zc::engine::wrapper
