#include "engine/observed/report.h"

namespace zc::engine {

using compiler::Bypass;
using compiler::Reason;

std::optional<Bypass> ObservedReport::read(const CacheableCompile& compile, const OwnPaths& own,
                                           const os::FileSystem& fs) {
  if (!compile.observation) {
    return Bypass{Reason::kNotObserved, compile.observation.error().message};
  }
  if (compile.observation->empty()) {
    return Bypass{
        Reason::kNotObserved,
        "the observer reported nothing: it is not beside the client, there is no /proc, or the "
        "paths of both the client and the cache contain a blank or a colon"};
  }
  std::optional<Trace> found = read_trace(*compile.observation, own, fs);
  if (!found) {
    return Bypass{Reason::kNotObserved, "the observation is damaged"};
  }
  trace = *std::move(found);
  return std::nullopt;
}

}  // namespace zc::engine
