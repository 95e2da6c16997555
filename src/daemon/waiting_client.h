// WaitingClient: a client that waits for a reply, and gets signs of life until then.
//
// Thread: one. Ownership: borrows both.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.h"
#include "daemon/heart.h"
#include "os/clock.h"
#include "wire/frame.h"

namespace zc::daemon {

class WaitingClient {
 public:
  WaitingClient(Heart& heart, wire::Connection& connection)
      : heart_(heart), connection_(connection) {
    wait();
  }

  void wait() { beat_.emplace(heart_, connection_); }
  int socket() const { return connection_.fd(); }
  bool is_lost() const { return beat_ && beat_->is_client_lost(); }

  // Whether it was delivered.
  bool reply(const Result<std::string>& frame, std::span<const int> fds = {}) {
    beat_.reset();
    // Before it is sent: the client may have ended by the time that this thread runs again.
    replied_ns_ = os::monotonic_ns();
    return frame && connection_.send(*frame, fds);
  }
  // On the monotonic clock; of the last reply.
  std::int64_t replied_ns() const { return replied_ns_; }
  // Nothing: the client has disconnected.
  Result<wire::Frame> receive() { return connection_.receive(-1); }

 private:
  Heart& heart_;
  wire::Connection& connection_;
  std::optional<Heart::Beat> beat_;
  std::int64_t replied_ns_ = os::monotonic_ns();
};

}  // namespace zc::daemon
