// Which version of the daemon listens: one request, to which the daemon replies at once, whatever
// else it does.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/frame.h"

namespace zc::lifecycle {

// Past it, silence counts as a broken daemon for `start` and its kin: a machine that swaps or is
// suspended takes its time.
inline constexpr int kStatusReplyMs = 30'000;

enum class DaemonState : std::uint8_t { kOk, kUnreachable, kOlder, kNewer, kCommError };

struct VersionCheck {
  DaemonState state = DaemonState::kUnreachable;
  std::string daemon_version;  // with kOlder
  bool timed_out = false;      // with kCommError: it said nothing, rather than something wrong

  bool usable() const { return state == DaemonState::kOk || state == DaemonState::kNewer; }
};

// The version of the daemon at the other end. Takes at most `reply_ms` to send, and as long again
// until the reply begins. Errors: kTimeout; kCorrupt, if the reply is none; those of the
// connection.
Result<std::string> daemon_version(wire::Connection& connection, std::string_view own_version,
                                   int reply_ms);

// The same from a connection of its own, compared with ours. Reports failures as a state:
// kUnreachable if no connection could be made, kCommError otherwise.
VersionCheck check_daemon_version(const std::string& endpoint, std::string_view own_version,
                                  int reply_ms = kStatusReplyMs);

}  // namespace zc::lifecycle
