// How a daemon becomes the only one of its endpoint, and when it stops.
//
// The claim is the lock on Locations::lock. The daemon takes it before it touches the socket's
// name, and holds it for life. So two daemons that start together cannot take each other's socket,
// and a socket that exists while the daemon has the lock is either stale or belongs to another
// program.
//
// Thread: one thread owns a Claim.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "base/result.h"
#include "daemon/server.h"
#include "daemon/session_service.h"
#include "lifecycle/locations.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/signal.h"

namespace zc::daemon {

class Claim {
 public:
  // Takes the lock and writes pid, start time and boot id into the file. Nothing if another daemon
  // has it. Borrows `locations`.
  // Errors: kInvalid (unsafe socket directory), kIo.
  static Result<std::optional<Claim>> take(const lifecycle::Locations& locations);
  // Removes the lock file if it still is ours, and releases the lock.
  ~Claim();
  Claim(Claim&&) noexcept = default;
  Claim& operator=(Claim&&) = delete;

  // Binds the endpoint; replaces a socket on which no process listens. Errors: kUnavailable if
  // another program accepts connections there, kInvalid if the path is not a socket, kIo.
  Result<os::Fd> listen();

  // Whether clients can still find this daemon: the endpoint leads to its socket, and the state
  // directory is the one with which it started.
  bool is_intact() const;

  // Removes the endpoint if it still is our socket. Then no new client finds this daemon.
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
  kOwnersGone,    // those of a private daemon
};

// Blocks until the daemon should stop. `shutdown` is set by a Shutdown request. Calls
// `idle_timeout_secs` every few seconds, since it may change. Meanwhile, sessions without commands
// become idle.
End wait_for_end(const Claim& claim, const Server& server, const os::SignalSource& signals,
                 const os::Event& shutdown, const std::function<std::int64_t()>& idle_timeout_secs,
                 SessionService& sessions);

// Ends the daemon's work in order: it refuses new clients, then waits for running requests, then
// writes everything to disk. The caller gives up the claim afterwards, once nothing of the cache is
// open any more. False if requests still ran at the end of their time: their threads are alive, and
// the process should exit without destroying anything.
bool wind_down(Claim& claim, Server& server, Service& service);

}  // namespace zc::daemon
