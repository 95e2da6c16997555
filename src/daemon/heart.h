// Heart: sends signs of life to the clients that wait for a reply, whatever delays their threads:
// the compile of another client, a slow compiler that is being identified, a file system that
// hangs.
//
//   serving thread:   Beat beat(heart, connection);  … it may block …  beat.stop();  send the reply
//
// While a Beat exists no other thread sends on the connection, so frames never mix.
//
// Thread: any. Owns one thread, which sleeps while there is no Beat.
#pragma once

#include <cstdint>
#include <list>
#include <string>

#include "base/limits.h"
#include "base/mutex.h"
#include "wire/frame.h"

namespace zc::daemon {

class Heart {
 public:
  struct Options {
    int interval_ms = limits::kHeartbeatMs;
    int longest_ms = limits::kReplyMs;  // then the client is let go
  };

  // `beat` is the frame to send. If the system allows no further thread, no signs of life are sent,
  // and a client that waits long goes on without the daemon.
  Heart(std::string beat, Options options);
  // All Beats must have ended before.
  ~Heart();

  // Sends signs of life on one connection while it exists, from the first interval on. Borrows
  // both.
  class Beat {
   public:
    Beat(Heart& heart, wire::Connection& connection);
    Beat(const Beat&) = delete;
    ~Beat() { stop(); }

    // After it returns, the caller may send on the connection.
    void stop();
    // Whether a sign of life could not be sent: the client has gone.
    bool is_client_lost() const;

   private:
    friend class Heart;
    Heart& heart_;
    wire::Connection& connection_;
    std::int64_t start_ms_;
    std::int64_t last_ms_;
    bool is_lost_ = false;  // guarded by the heart's mutex, as is the next
    bool is_listed_ = false;
    std::list<Beat*>::iterator place_;
  };

 private:
  void run();
  void send_due() ZC_REQUIRES(mutex_);

  const std::string beat_;
  const Options options_;
  mutable Mutex mutex_;
  CondVar changed_;
  std::list<Beat*> beats_ ZC_GUARDED_BY(mutex_);
  bool is_asleep_ ZC_GUARDED_BY(mutex_) = false;  // until there is a Beat
  bool is_ending_ ZC_GUARDED_BY(mutex_) = false;
  bool runs_ ZC_GUARDED_BY(mutex_) = true;  // the thread, which the constructor starts
};

}  // namespace zc::daemon
