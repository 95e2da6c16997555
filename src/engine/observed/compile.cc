#include "engine/observed/compile.h"

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

OrBypass<Trace> ObservedCompile::read_observation(const OwnPaths& own,
                                                  const os::FileSystem& fs) const {
  if (!observation) {
    return bypass(Reason::kNotObserved, observation.error().message);
  }
  if (observation->empty()) {
    return bypass(
        Reason::kNotObserved,
        "the observer reported nothing: it is not beside the client, there is no /proc, or the "
        "paths of both the client and the cache contain a blank or a colon");
  }
  std::optional<Trace> found = read_trace(*observation, own, fs, roots.relative_prefix());
  if (!found) {
    return bypass(Reason::kNotObserved, "the observation is damaged");
  }
  return *std::move(found);
}

}  // namespace zc::engine
