// Runs the compiler as the daemon orders, and reports what came of it.
//
// Thread: the client has one.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/find_compiler.h"
#include "client/stream_capture.h"
#include "os/fd.h"
#include "os/program_start.h"
#include "wire/frame.h"
#include "wire/message.h"

namespace zc::client {

struct RunOutcome {
  int exit_code = 0;
  int signal = 0;  // when a signal ended the compiler
};

// Compiles with what `run` orders, shows the streams as they come, and passes the results to the
// daemon over `connection`; whether the daemon could use them does not matter to the caller. `args`
// are the user's without argv[0], `fds` came with `run`, and `state_directory` is the one of
// lifecycle/locations.h. Errors: the compiler could not be started; nothing has run.
Result<RunOutcome> run_and_report(const FoundCompiler& compiler, std::span<char* const> args,
                                  const wire::RunOrder& run, const std::vector<os::Fd>& fds,
                                  std::string_view state_directory, wire::Connection& connection);

// The next reply that is no sign of life. Errors: the daemon is silent or gone.
Result<wire::Frame> receive_reply(wire::Connection& connection);

// A run that has ended. `memory_file` has the private depfile, if one was ordered.
struct FinishedRun {
  os::ChildStatus status;
  std::uint64_t start_ns = 0;  // CLOCK_REALTIME
  std::uint64_t duration_ns = 0;
  os::Fd memory_file;
};

// The two steps of `run_and_report`. Errors: the compiler could not be started, nothing has run;
// the daemon did not take the report.
Result<FinishedRun> run_ordered(const FoundCompiler& compiler, std::span<char* const> args,
                                const wire::RunOrder& run, const std::vector<os::Fd>& fds,
                                std::string_view state_directory, StreamCapture& capture);
Result<> send_report(const FinishedRun& finished, const StreamCapture& capture,
                     const wire::RunOrder& run, wire::Connection& connection, int timeout_ms);

}  // namespace zc::client
