// StreamCapture: the streams of a compiler that is run, shown as they come or later, and kept for
// the report.
//
// What is shown later may be large, and is shown at once from the bound on.
//
// The compiler writes to pipes, so it does not notice if its messages cannot be shown.
//
// Thread: the client has one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "os/child.h"

namespace zc::client {

class StreamCapture final : public os::StreamSink {
 public:
  enum class Show : std::uint8_t { kAtOnce, kLater };

  explicit StreamCapture(Show show) : is_shown_(show == Show::kAtOnce) {}

  void on_stdout(std::string_view bytes) override;
  void on_stderr(std::string_view bytes) override;

  // Shows what has not been shown yet, standard output first, and what comes from then on.
  void show();

  const std::string& out() const { return out_; }
  const std::string& err() const { return err_; }
  // What is kept is not all.
  bool too_large() const { return too_large_; }
  // Something could not be shown, for which the compiler might have failed.
  bool has_lost() const { return has_lost_; }

 private:
  void keep(std::string& stream, std::string_view bytes);
  void write(int fd, std::string_view bytes);

  bool is_shown_;
  bool too_large_ = false;
  bool has_lost_ = false;
  std::string out_;
  std::string err_;
};

}  // namespace zc::client
