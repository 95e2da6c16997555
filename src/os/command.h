// CommandRunner: runs a short program to the end and captures what it prints. The daemon queries
// compilers with it, and `zccache doctor` tries the set-up.
//
// Thread: any.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace zc::os {

struct Command {
  std::vector<std::string> args;  // args[0] is a path, not looked up
  std::vector<std::string> env;   // NAME=VALUE, the whole environment
  std::string cwd;
  int timeout_ms = 20'000;
};

struct CommandOutput {
  int exit_code = 0;  // 128 + signal when a signal ended it
  std::string out;
  std::string err;
};

class CommandRunner {
 public:
  virtual ~CommandRunner() = default;
  // Standard input is empty. Errors: kIo if it cannot be started; kTimeout if it has not ended
  // `timeout_ms` after its start, and kInvalid if it prints more than a megabyte: it is killed.
  virtual Result<CommandOutput> run(const Command& command) = 0;
};

class PosixCommandRunner final : public CommandRunner {
 public:
  Result<CommandOutput> run(const Command& command) override;
};

}  // namespace zc::os
