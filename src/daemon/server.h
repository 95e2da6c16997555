// Server: takes connections, tells who is there, and hands each request to the Service.
//
// Threads wait for connections themselves; the one that gets a connection serves it to the end,
// and before it starts makes sure that another one is waiting. So there is no queue and no
// hand-over, and a request reads as a straight story. Threads that have waited in vain for a
// while end.
//
//   listening --stop_accepting--> refusing --drain--> quiet
//
// Thread: any. The Service, the Log and the hooks must outlive the Server.
// Owns: the listening socket and its threads.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"
#include "daemon/service.h"
#include "log/log.h"
#include "os/fd.h"
#include "wire/frame.h"

namespace zc::daemon {

struct ServerOptions {
  std::string version;
  uid_t uid = 0;  // whose requests are served
  std::size_t threads_max = limits::kServerThreadsMax;
  int first_frame_ms = 10'000;  // from connection to complete request
  int send_ms = 30'000;         // that a client may leave a reply unread
  int idle_thread_ms = 30'000;  // after which a surplus thread ends
};

struct ServerHooks {
  std::function<void()> shutdown_requested;                // possibly several times
  std::function<void(const std::string&)> not_understood;  // at most once, with the reason
};

class Server {
 public:
  Server(os::Fd listener, Service& service, const log::Log& log, ServerOptions options,
         ServerHooks hooks);
  // Waits for all threads without bound: call `drain` first.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Errors: kUnavailable: not even one thread could be started.
  Result<> start();

  struct Activity {
    std::size_t running = 0;       // requests in flight
    std::int64_t last_end_ms = 0;  // os::monotonic_ms of the end of the last one, or of the start
  };
  Activity activity() const;

  // New clients are refused, those not yet served are closed.
  void stop_accepting();

  // After stop_accepting: waits for running requests. After `report_grace_ms` those that wait for
  // something from their client are cut off. False when some still run after `bound_ms`.
  bool drain(int bound_ms, int report_grace_ms);

 private:
  void serve();
  bool wait_for_work(os::Fd& socket);
  bool begin(int socket);
  void end(int socket);
  void handle(wire::Channel& channel);
  void dispatch(wire::Channel& channel, wire::Frame frame);
  void refuse(wire::Channel& channel, const std::string& reason);
  void reply(wire::Channel& channel, const Result<std::string>& frame);
  Result<> add_thread();
  bool leave_if_surplus();
  bool is_stopping() const;

  const os::Fd listener_;
  Service& service_;
  const log::Log& log_;
  const ServerOptions options_;
  const ServerHooks hooks_;

  mutable Mutex mutex_;
  CondVar changed_;
  bool stopping_ ZC_GUARDED_BY(mutex_) = false;
  bool complained_ ZC_GUARDED_BY(mutex_) = false;  // about a request that was not understood
  std::size_t threads_ ZC_GUARDED_BY(mutex_) = 0;
  std::size_t waiting_ ZC_GUARDED_BY(mutex_) = 0;  // of the threads, for a connection
  std::set<int> running_ ZC_GUARDED_BY(mutex_);    // sockets of the requests in flight
  std::int64_t last_end_ms_ ZC_GUARDED_BY(mutex_);
};

}  // namespace zc::daemon
