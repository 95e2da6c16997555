// Being the one daemon of an endpoint, and knowing when to stop.
//
// The claim is the lock on Locations::lock, held for life and taken before the socket's name is
// touched: so two daemons that start together cannot steal each other's socket, and a name that is
// found under the lock is either stale or belongs to a stranger.
//
// Thread: one thread owns a Claim.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "daemon/server.h"
#include "lifecycle/locations.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/signal.h"

namespace zc::daemon {

class Claim {
 public:
  // Takes the lock and writes who we are. Nothing when another daemon has it. Borrows `locations`.
  // Errors: kInvalid (unsafe socket directory), kIo.
  static Result<std::optional<Claim>> take(const lifecycle::Locations& locations);
  // Removes the lock file if it still is ours, and lets go of the lock.
  ~Claim();
  Claim(Claim&&) noexcept = default;
  Claim& operator=(Claim&&) = delete;

  // Binds the endpoint, in place of a socket that nobody listens on. Errors: kUnavailable when a
  // stranger answers there, kInvalid when it is no socket, kIo.
  Result<os::Fd> listen();

  // Whether clients can still find us: the endpoint leads to our socket, the state directory is
  // the one we started with.
  bool is_intact() const;

  // Removes the endpoint if it still is our socket. Then no new client finds us.
  void withdraw();

 private:
  Claim(const lifecycle::Locations& locations, os::FileLock lock)
      : locations_(&locations), lock_(std::move(lock)) {}

  const lifecycle::Locations* locations_;
  os::FileLock lock_;
  os::FileStamp socket_;
  os::FileStamp state_;
};

enum class End : std::uint8_t {
  kIdle,          // nothing to do for the idle timeout
  kAsked,         // a Shutdown request, or a signal
  kCacheRemoved,  // the cache was deleted or replaced under us
};

// Blocks until the daemon should stop. `shutdown` is set by a Shutdown request.
End wait_for_end(const Claim& claim, const Server& server, const os::SignalSource& signals,
                 const os::Event& shutdown, std::int64_t idle_timeout_secs);

// What is left of a daemon's life once it should stop: no new clients, then the running requests,
// then the disk. The claim is for its owner to give up, once nothing of the cache is open any more.
// False when requests still ran at the end of their time: threads are alive and
// the process should leave without destroying anything.
bool wind_down(Claim& claim, Server& server, Service& service);

}  // namespace zc::daemon
