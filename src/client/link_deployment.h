// What the user has run behind each link, by ZCCACHE_LINK_DEPLOY_CMD: something that signs a
// program, or puts libraries beside it.
//
// It runs behind every link that made its program, whether that was delivered, made for the daemon,
// or made without a daemon, so that a build leaves the same with and without hits. By then the
// daemon has taken the program, so nothing that the command does gets into a stored result.
//
// Thread: the client has one. Borrows the words of the command line.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "os/file_stamp.h"

namespace zc::client {

inline constexpr const char* kLinkDeployVariable = "ZCCACHE_LINK_DEPLOY_CMD";

class LinkDeployment {
 public:
  // `command` is the value of the variable, `tool` the name of the program that links, and `args`
  // come after it. Nothing: no command is set, or the program is no driver and no linker.
  static std::optional<LinkDeployment> find(std::string_view command, std::string_view tool,
                                            std::span<char* const> args);

  // Whether the link has left a program or a shared object where there was none, or another one.
  bool is_due() const;

  // Runs the command with the name of the program behind its words, and returns its exit code,
  // which is the client's as well: as of `link && command`. Says so if it fails.
  int run() const;

 private:
  LinkDeployment(std::vector<std::string> words, std::string program);

  std::vector<std::string> words_;
  std::string program_;
  os::FileStamp before_;
};

}  // namespace zc::client
