// Server: accepts connections, replies to status requests, and passes each compile to the Service.
//
// Threads wait for connections themselves. The thread that accepts a connection serves it to the
// end, and first makes sure that another thread is waiting. So there is no queue and no hand-over,
// and the code of a request is straight. A thread that has served ends if enough others wait; a
// thread that has waited in vain for a while ends, too.
//
// While all of them serve and no more may be started, the reserve (server_reserve.cc) accepts the
// connections: one thread that blocks on no client replies to status requests, and declines
// compiles. So the daemon can always reply that it runs.
//
//   listening --stop_accepting--> refusing --drain--> quiet
//
// Thread: any. The Service, the Log and the hooks must outlive the Server.
// Owns: the listening socket and its threads.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "base/mutex.h"
#include "base/result.h"
#include "daemon/receive_budget.h"
#include "daemon/service.h"
#include "log/log.h"
#include "os/fd.h"
#include "wire/frame.h"

namespace zc::daemon {

struct ServerOptions {
  std::string version;
  std::uint32_t uid = 0;  // whose requests are served
  std::size_t threads_max = limits::kServerThreadsMax;
  // So many threads may wait for a connection: as many as clients can connect at one moment, one
  // per processor.
  std::size_t waiting_max = std::max(4U, std::thread::hardware_concurrency());
  int first_frame_ms = 10'000;  // for the first byte of a request, and again for the rest
  int idle_thread_ms = 2'000;   // after which all but two of those that wait end
  std::size_t receive_bytes_max = limits::kReceiveBytesMax;
};

// Called by the server's threads.
struct ServerHooks {
  std::function<void()> shutdown_requested;                // possibly several times
  std::function<void(const std::string&)> not_understood;  // at most once, with the reason
  // Replies to a message about sessions: the text of the reply, or what went wrong.
  std::function<Result<std::string>(wire::Frame)> about_sessions;
};

class Server {
 public:
  Server(os::Fd listener, Service& service, const log::Log& log, ServerOptions options,
         ServerHooks hooks);
  // Waits for all threads without a limit: call `drain` first; if it returns false, end the process
  // without this destructor (main.cc).
  ~Server();

  // Errors: kUnavailable: not even one thread could be started.
  // Starts the first threads and the reserve; from then on connections are served.
  Result<> start();

  struct Activity {
    std::size_t running = 0;       // requests in flight
    std::int64_t last_end_ms = 0;  // os::monotonic_ms of the end of the last one, or of the start
  };
  // A moment's view, from which main decides whether the daemon is idle.
  Activity activity() const;

  // From now on refuses new clients, and closes connections that are not served yet.
  void stop_accepting();

  // After stop_accepting: waits for running requests. After `report_grace_ms` it disconnects those
  // that wait for their client. False if some still run after `bound_ms`.
  bool drain(int bound_ms, int report_grace_ms);

 private:
  void serve();
  bool wait_for_work(os::Fd& socket);
  bool begin(int socket);
  bool end(int socket);
  void leave() ZC_REQUIRES(mutex_);
  void handle(wire::Connection& connection);
  void dispatch(wire::Connection& connection, wire::Frame frame);
  void refuse(wire::Connection& connection, const std::string& reason);
  void reply(wire::Connection& connection, const Result<std::string>& frame);
  Result<> add_thread();
  bool leave_if_surplus();

  // The reserve.
  struct Newcomer;
  Result<> start_reserve();
  void stand_in();
  bool wait_for_duty();
  bool is_stopping() const;
  bool is_on_duty() const;
  void take_newcomer(std::vector<Newcomer>& newcomers);
  void attend(os::Fd socket);
  bool serve_apart(os::Fd& socket);

  const os::Fd listener_;
  Service& service_;
  const log::Log& log_;
  const ServerOptions options_;
  const ServerHooks hooks_;
  SharedBudget receiving_;

  mutable Mutex mutex_;
  CondVar changed_;
  CondVar duty_changed_;  // of the reserve
  bool stopping_ ZC_GUARDED_BY(mutex_) = false;
  bool complained_ ZC_GUARDED_BY(mutex_) = false;  // about a request that was not understood
  std::size_t threads_ ZC_GUARDED_BY(mutex_) = 0;  // all of ours
  std::size_t workers_ ZC_GUARDED_BY(mutex_) = 0;  // of these, that wait or serve
  std::size_t waiting_ ZC_GUARDED_BY(mutex_) = 0;  // of these, for a connection
  std::size_t apart_ ZC_GUARDED_BY(mutex_) = 0;    // that serve for the reserve
  bool saturated_ ZC_GUARDED_BY(mutex_) = false;   // none waits, and none could be added
  std::set<int> running_ ZC_GUARDED_BY(mutex_);    // sockets of the requests in flight
  std::int64_t last_end_ms_ ZC_GUARDED_BY(mutex_);
};

}  // namespace zc::daemon
