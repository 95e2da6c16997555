#include "engine/observed/report.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

OrBypass<Trace> read_report(const CacheableCompile& compile, const OwnPaths& own,
                            const os::FileSystem& fs) {
  if (!compile.observation) {
    return bypass(Reason::kNotObserved, compile.observation.error().message);
  }
  if (compile.observation->empty()) {
    return bypass(
        Reason::kNotObserved,
        "the observer reported nothing: it is not beside the client, there is no /proc, or the "
        "paths of both the client and the cache contain a blank or a colon");
  }
  std::optional<Trace> found = read_trace(*compile.observation, own, fs);
  if (!found) {
    return bypass(Reason::kNotObserved, "the observation is damaged");
  }
  return *std::move(found);
}

}  // namespace zc::engine
