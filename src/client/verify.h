// Verifies a hit: runs the compiler as the user called it, in its place, and reports what it left
// to the daemon, which compares (daemon/hit_verifier.h).
//
// What the run prints is withheld until the daemon has replied, since it does not count if the hit
// is delivered, or if the compiler must run for the user after all. What it writes is not: each way
// from here writes the same files anew, or keeps them.
//
// Thread: the client has one.
#pragma once

#include <optional>
#include <span>

#include "base/result.h"
#include "client/find_compiler.h"
#include "client/run.h"
#include "wire/frame.h"
#include "wire/message.h"

namespace zc::client {

struct VerifiedRun {
  std::optional<wire::Frame> hit;  // to be delivered; else the run counts, and is shown
  RunOutcome outcome;
  std::string wrong;  // what the daemon says about a wrong result; empty: there was none
};

// `order` says `verifies`. Errors: nothing counts, and nothing was shown: the compiler must run for
// the user.
Result<VerifiedRun> verify_hit(const FoundCompiler& compiler, std::span<char* const> args,
                               const wire::RunOrder& order, wire::Connection& connection);

}  // namespace zc::client
