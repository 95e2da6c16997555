// ObservedReport: the trace of an observed run.
//
// Thread: one. The trace borrows from the observation of the request.
#pragma once

#include <optional>
#include <string>

#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/observed/trace.h"

namespace zc::engine {

struct ObservedReport {
  Trace trace;

  // Why there is none, or nothing.
  std::optional<compiler::Bypass> read(const CacheableCompile& compile, const OwnPaths& own,
                                       const os::FileSystem& fs);
};

}  // namespace zc::engine
