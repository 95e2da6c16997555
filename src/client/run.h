// Runs the compiler on a miss and reports to the daemon what came of it.
//
// Thread: the client has one.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "client/find_compiler.h"
#include "os/fd.h"
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

}  // namespace zc::client
