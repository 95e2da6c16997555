// FakeDaemon: a server of ours in this process, in the place of a daemon.
//
// Thread: one of its own serves.
#pragma once

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "fault/lifecycle_fixture.h"
#include "os/file.h"
#include "os/listener.h"
#include "os/socket.h"
#include "wire/message.h"

namespace zc::test {

// If it is obedient, its listener closes when a Shutdown request comes, which gets the reply that
// it should get; all other requests get the same one.
class FakeDaemon {
 public:
  FakeDaemon(const std::string& path, std::string answer, bool obedient)
      : answer_(std::move(answer)), obedient_(obedient) {
    (void)os::make_directories(path.substr(0, path.rfind('/')));
    listener_ = *os::listen_unix(path);
    thread_ = std::thread([this] { serve(); });
  }
  ~FakeDaemon() {
    os::refuse_connections(listener_.get());
    thread_.join();
  }
  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;
  bool was_asked_to_stop() const { return asked_to_stop_; }

 private:
  void serve() {
    while (Result<os::Fd> socket = os::accept_connection(listener_.get())) {
      wire::Connection connection(*std::move(socket));
      const Result<wire::Frame> frame = connection.receive(kWaitMs);
      if (!frame) {
        continue;
      }
      const bool ends = frame->type == wire::Type::kShutdown && obedient_;
      if (frame->type == wire::Type::kShutdown) {
        asked_to_stop_ = true;
      }
      if (ends) {
        os::refuse_connections(listener_.get());
      }
      (void)connection.send(ends ? goodbye() : answer_);
    }
  }

  static std::string goodbye() {
    return *wire::encode_text(wire::Type::kShutdownReply, kVersion, "");
  }

  const std::string answer_;
  const bool obedient_;
  os::Fd listener_;
  std::atomic<bool> asked_to_stop_ = false;
  std::thread thread_;
};

inline std::string status_of_version(std::string_view version) {
  return *wire::encode_text(wire::Type::kStatusReply, version, "{}");
}

}  // namespace zc::test
