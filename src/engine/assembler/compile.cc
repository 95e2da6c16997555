#include "engine/assembler/compile.h"

#include "engine/observed/coff_stamp.h"
#include "engine/observed/inputs.h"
#include "engine/observed/output_paths.h"

namespace zc::engine::assembler {

// All that the driver and the assembler looked at. A driver that takes -MD writes no depfile for
// such a source; if one does, that is a side effect, and nothing is stored.
compiler::OrBypass<InputList> Compile::learn(const RunOutputs& outputs) {
  TRY_ASSIGN(const Trace trace, read_observation(OutputPaths(*this, fs), fs));
  TRY(check_coff_stamps(trace, outputs));
  const InputRules rules;
  const ObservedRun run = {
      .compile = *this, .trace = trace, .rules = rules, .sources_are_unlisted = true};
  InputList list;
  TRY(ObservedInputs(fs, scans, run, list).collect());
  return list;
}

}  // namespace zc::engine::assembler
