// MadeUpRustc: answers what the engine asks a rustc (and the loader) when it identifies a toolchain
// that exists only in memory.
//
// Thread: one.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/str.h"
#include "os/command.h"

namespace zc::test {

class MadeUpRustc final : public os::CommandRunner {
 public:
  Result<os::CommandOutput> run(const os::Command& command) override {
    asked.push_back(command);
    if (std::ranges::find(command.env, "LD_TRACE_LOADED_OBJECTS=1") != command.env.end()) {
      return os::CommandOutput{.out = loaded[command.args.front()], .err = {}};
    }
    if (exit_code != 0) {
      return os::CommandOutput{.exit_code = exit_code, .out = {}, .err = "error"};
    }
    if (command.args.back() == "sysroot") {
      os::CommandOutput answer = {.out = str_cat(sysroot(command), '\n'), .err = {}};
      after_sysroot();
      return answer;
    }
    return os::CommandOutput{.out = version, .err = {}};
  }

  // How often a rustc was asked where its toolchain is, which each probe does once.
  std::size_t probes() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        asked, [](const os::Command& command) { return command.args.back() == "sysroot"; }));
  }

  std::function<std::string(const os::Command&)> sysroot = [](const os::Command&) {
    return "/rust";
  };
  std::function<void()> after_sysroot = [] {};
  std::string version = "rustc 1.95.0\nhost: x86_64-unknown-linux-gnu\nrelease: 1.95.0\n";
  std::map<std::string, std::string> loaded;  // what the loader says of a program
  int exit_code = 0;
  std::vector<os::Command> asked;
};

}  // namespace zc::test
