#include "daemon/server.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <utility>

#include "base/str.h"
#include "os/clock.h"
#include "os/listener.h"
#include "os/socket.h"
#include "os/thread.h"
#include "wire/message.h"

namespace zc::daemon {

namespace {

// Two threads are kept waiting at any time: one takes the next connection while the other is
// woken for the one after it.
constexpr std::size_t kWaitingMin = 2;

// A pause when descriptors or memory ran out: requests that end give some back.
constexpr int kExhaustedPauseMs = 50;

}  // namespace

Server::Server(os::Fd listener, Service& service, const log::Log& log, ServerOptions options,
               ServerHooks hooks)
    : listener_(std::move(listener)),
      service_(service),
      log_(log),
      options_(std::move(options)),
      hooks_(std::move(hooks)),
      receiving_(options_.receive_bytes_max),
      last_end_ms_(os::monotonic_ms()) {
  os::limit_accepting(listener_.get(), options_.idle_thread_ms);
}

Server::~Server() {
  stop_accepting();
  const MutexLock lock(mutex_);
  while (threads_ > 0) {
    changed_.wait(mutex_);
  }
}

Result<> Server::start() {
  TRY(add_thread());
  // The second thread only makes it faster; the reserve is needed only when all threads serve.
  (void)add_thread();
  (void)start_reserve();
  return {};
}

Result<> Server::add_thread() {
  {
    const MutexLock lock(mutex_);
    ++threads_;
    ++workers_;
    ++waiting_;
    saturated_ = false;
  }
  Result<> started = os::start_thread(os::kThreadStackBytes, [this] { serve(); });
  if (!started) {
    const MutexLock lock(mutex_);
    leave();
    saturated_ = waiting_ == 0;
    duty_changed_.notify_all();
  }
  return started;
}

Server::Activity Server::activity() const {
  const MutexLock lock(mutex_);
  return {.running = running_.size(), .last_end_ms = last_end_ms_};
}

void Server::stop_accepting() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    duty_changed_.notify_all();
  }
  os::refuse_connections(listener_.get());
}

// Two limits: at the first, requests that wait for a report are cut off; at the second, the caller
// gives up on threads that hang in a file system.
bool Server::drain(int bound_ms, int report_grace_ms) {
  const os::Deadline bound(bound_ms);
  const os::Deadline grace(std::min(report_grace_ms, bound_ms));
  bool cut_off = false;
  const MutexLock lock(mutex_);
  while (threads_ > 0) {
    if (!cut_off && grace.passed()) {
      cut_off = true;
      for (const int socket : running_) {
        os::stop_receiving(socket);
      }
    }
    if (bound.passed()) {
      return false;
    }
    changed_.wait_for_ms(mutex_, cut_off ? bound.left_ms() : grace.left_ms());
  }
  return true;
}

// The life of a thread. The last thing it does is to count itself out, under the mutex.
void Server::serve() {
  os::Fd socket;
  while (wait_for_work(socket)) {
    const int number = socket.get();
    wire::Connection connection(std::move(socket), &receiving_);
    if (begin(number)) {
      handle(connection);
      if (!end(number)) {
        return;
      }
    }
  }
}

// False: the thread has been counted out and ends.
bool Server::wait_for_work(os::Fd& socket) {
  while (true) {
    Result<os::Fd> accepted = os::accept_connection(listener_.get());
    if (accepted) {
      socket = *std::move(accepted);
      return true;
    }
    const int err = accepted.error().os_errno;
    if (err == EINTR || err == ECONNABORTED) {
      continue;
    }
    // The limit of the wait has passed, or the server stops (os/listener.h), or an error.
    if (leave_if_surplus()) {
      return false;
    }
    if (err != EAGAIN) {
      log_.warn(accepted.error().message);
      os::sleep_ms(kExhaustedPauseMs);
    }
  }
}

bool Server::leave_if_surplus() {
  const MutexLock lock(mutex_);
  if (!stopping_ && waiting_ <= kWaitingMin) {
    return false;
  }
  leave();
  return true;
}

// Counts a thread out that was waiting.
void Server::leave() {
  --waiting_;
  --workers_;
  --threads_;
  changed_.notify_all();
}

// False: the server is stopping, nothing is served any more.
bool Server::begin(int socket) {
  bool alone = false;
  {
    const MutexLock lock(mutex_);
    if (stopping_) {
      return false;
    }
    --waiting_;
    running_.insert(socket);
    alone = waiting_ == 0 && workers_ < options_.threads_max;
    saturated_ = waiting_ == 0 && !alone;
    if (saturated_) {
      duty_changed_.notify_all();
    }
  }
  if (alone) {
    if (const Result<> added = add_thread(); !added) {
      log_.warn(added.error().message);
    }
  }
  return true;
}

// Before the socket is closed: its number may then mean another one. False: the thread has been
// counted out and ends.
bool Server::end(int socket) {
  const MutexLock lock(mutex_);
  running_.erase(socket);
  ++waiting_;
  saturated_ = false;
  last_end_ms_ = os::monotonic_ms();
  if (waiting_ > options_.waiting_max) {
    leave();
    return false;
  }
  changed_.notify_all();
  return true;
}

void Server::handle(wire::Connection& connection) {
  const Result<os::Peer> peer = os::peer_of(connection.fd());
  if (!peer || peer->uid != options_.uid) {
    log_.warn("refused a connection of another user");
    return;
  }
  connection.set_peer_pid(peer->pid);
  // A library below may throw, std::bad_alloc above all; it costs this request only.
  try {
    Result<wire::Frame> frame =
        connection.receive(options_.first_frame_ms, options_.first_frame_ms);
    if (frame) {
      dispatch(connection, *std::move(frame));
    } else if (frame.error().code == Code::kCorrupt) {
      refuse(connection, frame.error().message);
    } else if (frame.error().code == Code::kTimeout) {
      log_.debug("closed a connection whose request did not arrive in time");
    }
    // Otherwise the client sent nothing: clients connect just to see whether we are there.
  } catch (const std::exception& error) {
    log_.error(str_cat("a request failed: ", std::string_view(error.what())));
  }
}

void Server::dispatch(wire::Connection& connection, wire::Frame frame) {
  switch (frame.type) {
    case wire::Type::kCompile:
      service_.compile(connection, std::move(frame));
      return;
    case wire::Type::kStatus:
      reply(connection, wire::encode_text(wire::Type::kStatusReply, options_.version,
                                          service_.standing_json()));
      return;
    case wire::Type::kStatistics:
      reply(connection, wire::encode_text(wire::Type::kStatisticsReply, options_.version,
                                          service_.statistics_json()));
      return;
    case wire::Type::kShutdown:
      reply(connection, wire::encode_plain(wire::Type::kShutdownReply, options_.version));
      hooks_.shutdown_requested();
      return;
    case wire::Type::kClear: {
      const Result<std::string> cleared = service_.clear();
      reply(connection,
            cleared
                ? wire::encode_text(wire::Type::kClearReply, options_.version, *cleared)
                : wire::encode_text(wire::Type::kError, options_.version, cleared.error().message));
      return;
    }
    case wire::Type::kZero: {
      const std::optional<wire::Plain> plain = wire::decode_plain(frame.payload);
      service_.zero(plain && plain->text == "all");
      reply(connection, wire::encode_plain(wire::Type::kZeroReply, options_.version));
      return;
    }
    case wire::Type::kSessionStart:
    case wire::Type::kSessionStats:
    case wire::Type::kSessionEnd:
    case wire::Type::kReleaseHandles: {
      const Result<std::string> done = hooks_.about_sessions(std::move(frame));
      reply(connection,
            done ? wire::encode_text(wire::Type::kSessionReply, options_.version, *done)
                 : wire::encode_text(wire::Type::kError, options_.version, done.error().message));
      return;
    }
    default:
      refuse(connection, str_cat("a request of unknown type ", static_cast<unsigned>(frame.type)));
      return;
  }
}

// Logged once: a program that sends garbage sends it often.
void Server::refuse(wire::Connection& connection, const std::string& reason) {
  reply(connection, wire::encode_text(wire::Type::kError, options_.version, reason));
  {
    const MutexLock lock(mutex_);
    if (std::exchange(complained_, true)) {
      return;
    }
  }
  log_.warn(str_cat("could not understand a request (logged once): ", reason));
  hooks_.not_understood(reason);
}

void Server::reply(wire::Connection& connection, const Result<std::string>& frame) {
  const Result<> sent = frame ? connection.send(*frame) : std::unexpected(frame.error());
  if (!sent) {
    log_.debug(str_cat("a reply was not delivered: ", sent.error().message));
  }
}

}  // namespace zc::daemon
