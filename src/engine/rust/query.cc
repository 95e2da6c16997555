#include "engine/rust/query.h"

#include "engine/observed/inputs.h"
#include "engine/observed/report.h"

namespace zc::engine::rust {

namespace {

class NoPaths final : public OwnPaths {
 public:
  Kind kind_of(std::string_view) const override { return Kind::kStranger; }
};

}  // namespace

std::optional<compiler::Bypass> InformationQuery::learn(const RunOutputs& /*report*/,
                                                        ResultBuilder& builder) {
  ObservedReport observed;
  if (auto bypass = observed.read(*this, NoPaths(), fs)) {
    return bypass;
  }
  const ObservedRun run = {.compile = *this,
                           .trace = observed.trace,
                           .recorded = {},
                           .tracked = {},
                           .named = {},
                           .crate_directories = {},
                           .adopted = {},
                           .links = true,
                           .tracks_variables = true,  // no source asks for any
                           .shows_real_paths = true};
  return ObservedInputs(fs, scans, run, builder).record();
}

}  // namespace zc::engine::rust
