// ObservedReport: the trace that came with the report of an observed run.
//
// Thread: one. Owns the text that the trace borrows from.
#pragma once

#include <optional>
#include <string>

#include "compiler/invocation.h"
#include "engine/prepared.h"
#include "engine/trace.h"

namespace zc::engine {

struct ObservedReport {
  std::string text;
  Trace trace;

  // Why there is none, or nothing.
  std::optional<compiler::Bypass> read(const Report& report, const OwnPaths& own,
                                       const os::FileSystem& fs);
};

}  // namespace zc::engine
