#include "engine/rust/query.h"

#include "engine/observed/inputs.h"
#include "engine/observed/output_text.h"

namespace zc::engine::rust {

namespace {

// A query has no outputs: whatever its run writes is a side effect, and the result is not stored.
// So is rustfmt when it formats a file.
class NoPaths final : public OwnPaths {
 public:
  Kind kind_of(std::string_view) const override { return Kind::kOther; }
};

}  // namespace

compiler::OrBypass<InputList> InformationQuery::learn(const RunOutputs& outputs) {
  TRY_ASSIGN(const Trace trace, read_observation(NoPaths(), fs));
  TRY(check_messages(outputs, trace));
  const InputRules rules;
  const ObservedRun run = {.compile = *this,
                           .trace = trace,
                           .rules = rules,
                           .recorded = {},
                           .tracked = {},
                           .adopted = {},
                           .tracks_variables = true,  // there is no source that reads any
                           .shows_real_paths = true};
  InputList list;
  TRY(ObservedInputs(fs, scans, run, list).collect());
  return list;
}

}  // namespace zc::engine::rust
