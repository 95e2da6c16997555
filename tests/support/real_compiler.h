// RealCompiler: the compilers of this machine, for tests that compare us with them.
//
// A test runs over all that are installed and skips, with the reason, when none is.
// Thread: any.
#pragma once

#include <unistd.h>

#include <string>
#include <vector>

#include "os/command.h"

namespace zc::test {

struct RealCompiler {
  std::string path;

  // Runs in `cwd` with plain English messages. The exit code is 127 if it did not start.
  os::CommandOutput run(const std::vector<std::string>& args, const std::string& cwd) const {
    os::Command command{.args = {path}, .env = {"LC_ALL=C", "PATH=/usr/bin:/bin"}, .cwd = cwd};
    command.args.insert(command.args.end(), args.begin(), args.end());
    os::PosixCommandRunner runner;
    auto output = runner.run(command);
    return output ? *std::move(output)
                  : os::CommandOutput{.exit_code = 127, .out = {}, .err = output.error().message};
  }
};

inline std::vector<RealCompiler> real_compilers() {
  std::vector<RealCompiler> found;
  for (const char* name : {"gcc", "clang-14", "clang-19"}) {
    std::string path = std::string("/usr/bin/") + name;
    if (::access(path.c_str(), X_OK) == 0) {
      found.push_back({.path = std::move(path)});
    }
  }
  return found;
}

}  // namespace zc::test
