// The Server's reserve: accepts connections while every thread serves and no more may be started.
//
// It waits for all its connections at once, reads a request only when it has arrived, and writes
// only what fits into an empty socket, so that no client can block it. Requests that take longer go
// to a separate thread, of which there are few.

#include <memory>
#include <utility>

#include "daemon/server.h"
#include "os/clock.h"
#include "os/listener.h"
#include "os/socket.h"
#include "os/thread.h"
#include "os/wait.h"
#include "wire/message.h"

namespace zc::daemon {

namespace {

// Connections whose request has not arrived. With one more, the reserve closes the oldest.
constexpr std::size_t kNewcomersMax = 256;

// How often the reserve looks whether it is still needed.
constexpr int kReserveCheckMs = 100;

// Another thread may accept the connection first.
constexpr int kAcceptMs = 20;

// For requests for figures, or to clear the cache, while compiles occupy all threads.
constexpr std::size_t kApartMax = 4;

}  // namespace

struct Server::Newcomer {
  os::Fd socket;
  os::Deadline patience;
};

Result<> Server::start_reserve() {
  {
    const MutexLock lock(mutex_);
    ++threads_;
  }
  Result<> started = os::start_thread(os::kThreadStackBytes, [this] { stand_in(); });
  if (!started) {
    const MutexLock lock(mutex_);
    --threads_;
    changed_.notify_all();
  }
  return started;
}

// The life of the thread.
void Server::stand_in() {
  std::vector<Newcomer> newcomers;
  while (newcomers.empty() ? wait_for_duty() : !is_stopping()) {
    const bool on_duty = is_on_duty();
    std::vector<os::WaitSource> sources;
    sources.push_back({.fd = on_duty ? listener_.get() : -1});
    for (const Newcomer& newcomer : newcomers) {
      sources.push_back({.fd = newcomer.socket.get()});
    }
    (void)os::wait_for_any(sources, kReserveCheckMs);
    std::vector<Newcomer> rest;
    for (std::size_t i = 0; i < newcomers.size(); ++i) {
      if (sources[i + 1].is_ready) {
        attend(std::move(newcomers[i].socket));
      } else if (!newcomers[i].patience.passed()) {
        rest.push_back(std::move(newcomers[i]));
      }
    }
    newcomers = std::move(rest);
    if (sources[0].is_ready && is_on_duty()) {
      take_newcomer(newcomers);
    }
  }
  newcomers.clear();
  const MutexLock lock(mutex_);
  --threads_;
  changed_.notify_all();
}

// False: the server is stopping.
bool Server::wait_for_duty() {
  os::limit_accepting(listener_.get(), options_.idle_thread_ms);
  {
    const MutexLock lock(mutex_);
    while (!stopping_ && !saturated_) {
      duty_changed_.wait(mutex_);
    }
    if (stopping_) {
      return false;
    }
  }
  os::limit_accepting(listener_.get(), kAcceptMs);
  return true;
}

bool Server::is_stopping() const {
  const MutexLock lock(mutex_);
  return stopping_;
}

bool Server::is_on_duty() const {
  const MutexLock lock(mutex_);
  return saturated_ && !stopping_;
}

void Server::take_newcomer(std::vector<Newcomer>& newcomers) {
  Result<os::Fd> accepted = os::accept_connection(listener_.get());
  if (!accepted) {
    if (accepted.error().os_errno != EAGAIN) {
      os::sleep_ms(kAcceptMs);  // Descriptors ran out: those that end give some back.
    }
    return;
  }
  if (newcomers.size() >= kNewcomersMax) {
    newcomers.erase(newcomers.begin());
  }
  newcomers.push_back(
      {.socket = *std::move(accepted), .patience = os::Deadline(options_.first_frame_ms)});
}

// With something to read. A client sends its request at once and the kernel delivers the front of
// it whole, so if it has not arrived, there is none.
void Server::attend(os::Fd socket) {
  char front[wire::kHeaderBytes];
  const Result<std::size_t> have = os::peek_bytes(socket.get(), front, sizeof front);
  const Result<os::Peer> peer = os::peer_of(socket.get());
  if (!have || *have < sizeof front || !peer || peer->uid != options_.uid) {
    return;
  }
  const Result<wire::Header> header = wire::decode_header(ByteView(front, sizeof front));
  const bool is_for_others = header && header->type != wire::Type::kCompile &&
                             header->type != wire::Type::kStatus &&
                             header->type != wire::Type::kShutdown;
  if (is_for_others && serve_apart(socket)) {
    return;
  }
  wire::Connection connection(std::move(socket), &receiving_);
  if (!header) {
    refuse(connection, header.error().message);
  } else if (header->type == wire::Type::kCompile) {
    service_.turn_away(connection);
  } else if (is_for_others) {
    reply(connection, wire::encode_text(wire::Type::kError, options_.version,
                                        "all threads of the daemon are busy; try again later"));
  } else if (Result<wire::Frame> frame = connection.receive(0, 0)) {
    dispatch(connection, *std::move(frame));
  }
}

// False, with the socket as it was: there are enough such threads, or no more can be started.
bool Server::serve_apart(os::Fd& socket) {
  const int number = socket.get();
  {
    const MutexLock lock(mutex_);
    if (stopping_ || apart_ >= kApartMax) {
      return false;
    }
    ++apart_;
    ++threads_;
    running_.insert(number);
  }
  const auto count_out = [this, number] {
    const MutexLock lock(mutex_);
    running_.erase(number);
    --apart_;
    --threads_;
    changed_.notify_all();
  };
  // Shared, since a function object must be copyable.
  const auto given = std::make_shared<os::Fd>(std::move(socket));
  const Result<> started = os::start_thread(os::kThreadStackBytes, [this, given, count_out] {
    wire::Connection mine(std::move(*given), &receiving_);
    handle(mine);
    count_out();
  });
  if (!started) {
    socket = std::move(*given);
    count_out();
    return false;
  }
  return true;
}

}  // namespace zc::daemon
