// A program, the compiler, run by the client with its streams captured while they are shown.
//
// It has the client's own cwd, umask, limits, terminal, standard input and jobserver. Its standard
// error is a terminal if the client's is, since compilers colour and break messages by that.
// Signals that are to end the client (SIGINT, SIGTERM, SIGHUP, SIGQUIT) go on to the child, which
// decides what they mean; it ends with the client.
//
// Thread: the client has one. Installs signal handlers for the time of the run.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.h"
#include "os/program_start.h"

namespace zc::os {

// Receives what the child writes, piece by piece, as it comes.
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual void on_stdout(std::string_view bytes) = 0;
  virtual void on_stderr(std::string_view bytes) = 0;
};

// After the child has ended, a process that it started may still hold the streams; this long the
// client listens on.
inline constexpr int kDrainMs = 2'000;

// Runs the program at `path`, which is not looked up along PATH, and waits for its end. `args` and
// `environment` end with a null pointer. `sink` is called by the calling thread. After the end of
// the child it still gets what comes within `drain_ms` of the last piece. Errors: kNotFound or kIo
// when the program cannot be started: nothing has run then. A child that still shows messages, or
// could, after `limit_ms` is killed; -1: never.
Result<ChildStatus> run_child(const char* path, char* const* args, char* const* environment,
                              StreamSink& sink, int drain_ms = kDrainMs, int limit_ms = -1);

// Splits us in two. Returns nothing in the new process, which goes on in our place, and in the old
// one how that has ended. Errors: kIo: there is no new process.
Result<std::optional<ChildStatus>> continue_in_child();

// Runs a program with our streams and our environment, and waits for its end. Its name is looked up
// along PATH. If it cannot be run, it counts as ended with 127. Errors: kIo.
Result<ChildStatus> run_on_path(char* const* args);

// Whether terminals and build tools end a command by this signal. False for 0.
bool is_request_to_end(int signal);

// Ends this process by `signal`, so that our parent sees what the compiler's parent would have.
[[noreturn]] void die_by(int signal);

}  // namespace zc::os
