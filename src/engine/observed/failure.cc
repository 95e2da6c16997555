#include "engine/observed/failure.h"

#include <string>

namespace zc::engine {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

OrBypass<> check_failure(bool is_about_sources, const Trace& trace) {
  if (!is_about_sources) {
    return bypass(Reason::kCompileFailed, "its messages are not about sources alone");
  }
  return trace.failed_changes.empty()
             ? OrBypass<>()
             : bypass(Reason::kCompileFailed, std::string(trace.failed_changes.front().about));
}

}  // namespace zc::engine
