// Bypass: why a command is run untouched, or its result not stored; and OrBypass<T>, the one way a
// function says so.
//
// A Bypass is no error: the command runs as if we were not there. TRY and TRY_ASSIGN
// (base/result.h) hand it on.
//
// Thread: values.
#pragma once

#include <expected>
#include <string>
#include <utility>

#include "compiler/reason.h"

namespace zc::compiler {

// `detail` names the option or file, for people and counters. It goes to logs, so it never holds
// the value of a variable.
struct Bypass {
  Reason reason = Reason::kInternalError;
  std::string detail;
};

// Without T: nothing stands in the way.
template <class T = void>
using OrBypass = std::expected<T, Bypass>;

inline std::unexpected<Bypass> bypass(Reason reason, std::string detail = {}) {
  return std::unexpected(Bypass{.reason = reason, .detail = std::move(detail)});
}

}  // namespace zc::compiler
