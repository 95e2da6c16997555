#include "daemon/lifecycle.h"

#include <algorithm>
#include <cerrno>
#include <vector>

#include "base/str.h"
#include "os/clock.h"
#include "os/name.h"
#include "os/process.h"
#include "os/self.h"
#include "os/socket.h"
#include "os/wait.h"

namespace zc::daemon {

namespace {

// A client that checks whether the lock is held holds it itself for an instant. A process that
// holds it longer than this is a daemon.
constexpr int kClaimMs = 200;
constexpr int kClaimPauseMs = 2;

// How often to look whether the cache is still there.
constexpr int kCacheCheckMs = 2'000;

// At the end, results that are being stored get half a minute. A client whose compiler still runs
// gets less: it goes on without the daemon.
constexpr int kDrainMs = 30'000;
constexpr int kReportGraceMs = 2'000;

// The caller holds the lock, so no daemon of ours listens there. A program that does not accept in
// time (kTimeout) listens all the same.
Result<> remove_stale_socket(const std::string& path) {
  const Result<os::FileStamp> found = os::stat_link(path);
  if (!found) {
    return found.error().code == Code::kNotFound ? Result<>{} : std::unexpected(found.error());
  }
  if (!found->is_socket()) {
    return fail(Code::kInvalid, str_cat(path, " exists and is not a socket; remove it"));
  }
  const Result<os::Fd> other = os::connect_unix(path);
  if (other || other.error().code == Code::kTimeout) {
    return fail(Code::kUnavailable,
                str_cat("another program answers at ", path, " and is not a zccache-daemon"));
  }
  if (const int err = os::remove_name(path); err != 0 && err != ENOENT) {
    return fail_errno(err, str_cat("cannot remove ", path));
  }
  return {};
}

}  // namespace

Result<std::optional<Claim>> Claim::take(const lifecycle::Locations& locations) {
  TRY(lifecycle::make_directories(locations, os::user_id()));
  const os::Deadline deadline(kClaimMs);
  while (true) {
    TRY_ASSIGN(std::optional<os::FileLock> lock, os::FileLock::try_take(locations.lock));
    if (lock) {
      TRY_ASSIGN(const os::ProcessIdentity self, os::identity_of(os::process_id()));
      TRY(lock->write(self.text()));
      return Claim(locations, *std::move(lock));
    }
    if (deadline.passed()) {
      return std::nullopt;
    }
    os::sleep_ms(kClaimPauseMs);
  }
}

Result<os::Fd> Claim::listen() {
  TRY(remove_stale_socket(locations_->endpoint));
  TRY_ASSIGN(os::Fd listener, os::listen_unix(locations_->endpoint));
  TRY_ASSIGN(socket_, os::stat_link(locations_->endpoint));
  TRY_ASSIGN(state_, os::stat_path(locations_->state));
  return listener;
}

bool Claim::is_intact() const {
  const Result<os::FileStamp> socket = os::stat_link(locations_->endpoint);
  const Result<os::FileStamp> state = os::stat_path(locations_->state);
  return socket && socket->same_file_as(socket_) && state && state->same_file_as(state_);
}

void Claim::withdraw() {
  const Result<os::FileStamp> socket = os::stat_link(locations_->endpoint);
  if (socket && socket->same_file_as(socket_)) {
    os::remove_name(locations_->endpoint);
  }
}

// A claim that has been moved from holds no file that could be at that path.
Claim::~Claim() {
  if (lock_.is_at(locations_->lock)) {
    os::remove_name(locations_->lock);
  }
}

End wait_for_end(const Claim& claim, const Server& server, const os::SignalSource& signals,
                 const os::Event& shutdown, const std::function<std::int64_t()>& idle_timeout_secs,
                 SessionService& sessions) {
  while (true) {
    sessions.sessions().expire();
    if (sessions.owners().are_gone()) {
      return End::kOwnersGone;
    }
    std::int64_t pause_ms = kCacheCheckMs;
    const std::int64_t idle_secs = idle_timeout_secs();
    if (idle_secs > 0) {
      const Server::Activity activity = server.activity();
      const std::int64_t left_ms = activity.last_end_ms + idle_secs * 1000 - os::monotonic_ms();
      if (activity.running == 0 && left_ms <= 0) {
        return End::kIdle;
      }
      if (activity.running == 0) {
        pause_ms = std::min(pause_ms, left_ms);
      }
    }
    std::vector<os::WaitSource> sources = {{.fd = signals.fd()}, {.fd = shutdown.fd()}};
    for (const int fd : sessions.owners().fds()) {
      sources.push_back({.fd = fd});
    }
    os::wait_for_any(sources, static_cast<int>(pause_ms));
    if (sources[0].is_ready || sources[1].is_ready) {
      return End::kAsked;
    }
    if (!claim.is_intact()) {
      return End::kCacheRemoved;
    }
  }
}

// The endpoint's name goes before the listener closes: a client that comes now finds no daemon,
// rather than one that refuses it.
bool wind_down(Claim& claim, Server& server, Service& service) {
  claim.withdraw();
  server.stop_accepting();
  const bool quiet = server.drain(kDrainMs, kReportGraceMs);
  service.drain();
  return quiet;
}

}  // namespace zc::daemon
