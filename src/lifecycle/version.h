// Which version of the daemon listens: one question, which the daemon answers at once, whatever
// else it does.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

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

// One round trip.
VersionCheck check_daemon_version(const std::string& endpoint, std::string_view own_version,
                                  int reply_ms = kStatusReplyMs);

}  // namespace zc::lifecycle
