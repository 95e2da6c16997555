// FrontendTest: a frontend, with a made-up file system, and commands for it. CommandTest: that of
// declared commands. A command of the test is /bin/gen in /w, which `zccache exec` declares.
//
// Thread: one.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "compiler/reason.h"
#include "engine/command/frontend.h"
#include "support/made_up_rustc.h"
#include "support/mem_file_system.h"
#include "support/mem_store.h"

namespace zc::engine::command {

struct TypedCommand {
  std::string tool = "/bin/gen";
  std::vector<std::string> args = {"gen", "in"};
  std::vector<std::string> options = {};
  std::vector<std::string> env = {"HOME=/home/me", "LANG=C"};
  std::string cwd = "/w";
  std::string inherited = "limits";
  std::string input_list;
  std::string stdin_path;
  std::string stdin_is;  // the file that it really is
  std::uint64_t umask = 022;
  bool is_declared = true;
  bool has_terminal = false;
  bool has_empty_stdin = true;
  bool has_open_descriptors = false;
  bool takes_failures = false;

  void read_from(const std::string& path) {
    has_empty_stdin = false;
    stdin_path = path;
    stdin_is = path;
  }
};

template <class TestedFrontend>
class FrontendTest : public testing::Test {
 protected:
  FrontendTest() {
    fs_.write("/bin/gen", "program");
    fs_.make_directory("/w");
    fs_.make_directory("/v");
    fs_.tick();
  }

  std::optional<CompileOrBypass> claim(const TypedCommand& typed) {
    // The texts of a request live as long as its frame.
    const TypedCommand& command = *commands_.emplace_back(std::make_unique<TypedCommand>(typed));
    wire::CompileRequest request;
    request.tool = command.tool;
    request.cwd = command.cwd;
    request.args.assign(command.args.begin(), command.args.end());
    request.env.assign(command.env.begin(), command.env.end());
    request.options.assign(command.options.begin(), command.options.end());
    request.inherited = command.inherited;
    request.input_list = command.input_list;
    request.umask = command.umask;
    request.is_declared = command.is_declared;
    request.has_terminal = command.has_terminal;
    request.has_empty_stdin = command.has_empty_stdin;
    request.has_open_descriptors = command.has_open_descriptors;
    request.open_descriptor = command.has_open_descriptors ? "descriptor 3 (/in)" : "";
    request.takes_failures = command.takes_failures;
    request.stdin_path = command.stdin_path;
    request.stdin_id = id_of(command.stdin_is);
    request.start_ns = static_cast<std::uint64_t>(fs_.now_ns());
    request.root_id = id_of("/");
    request.world = world_.world;
    request.cwd_id = id_of(command.cwd);
    return frontends_.emplace_back(std::make_unique<TestedFrontend>(world_))->claim(request);
  }
  std::unique_ptr<CacheableCompile> compile(const TypedCommand& command) {
    auto out = claim(command);
    if (!out || !*out) {
      ADD_FAILURE() << (out ? out->error().detail : "not claimed");
      return nullptr;
    }
    return **std::move(out);
  }
  codec::Digest key(const TypedCommand& command) {
    const auto out = compile(command);
    return out == nullptr ? codec::Digest() : out->manifest_key;
  }
  std::string refused(const TypedCommand& command) {
    const auto out = claim(command);
    return !out    ? "not claimed"
           : !*out ? std::string(compiler::text_of(out->error().reason).id)
                   : std::string();
  }

  wire::FileId id_of(const std::string& path) const {
    os::FileStamp stamp;
    (void)fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp);
    return {.dev = stamp.dev, .ino = stamp.ino};
  }

  test::MemFileSystem fs_;
  test::MemStore store_;
  test::MadeUpRustc runner_;
  files::FileCache files_{fs_, nullptr};
  Dependencies world_ = {
      .fs = fs_,
      .files = files_,
      .runner = runner_,
      .store = store_,
      .world = {.root_mount = 4, .pid_namespace = 2, .user_namespace = 3, .personality = 0},
      .host_cpu = "cpu"};

 private:
  std::vector<std::unique_ptr<TypedCommand>> commands_;
  std::vector<std::unique_ptr<TestedFrontend>> frontends_;
};

using CommandTest = FrontendTest<Frontend>;

}  // namespace zc::engine::command
