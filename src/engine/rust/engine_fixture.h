// RustEngineTest: the engine with a rustc that exists only in memory. It compiles /w/src/lib.rs,
// which has a module and uses a crate, into a target directory:
//
//   const auto first = compile(library("/t1"));
//   EXPECT_EQ(recorded(*first, ran("/t1")), "");             // or why nothing was stored
//   const auto answer = lookup(*compile(library("/t2")));   // another directory, the same result
//
// Thread: one.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "compiler/reason.h"
#include "compiler/rust/dep_info.h"
#include "compiler/rust/messages.h"
#include "engine/engine.h"
#include "engine/rust/frontend.h"
#include "support/made_up_object.h"
#include "support/made_up_rustc.h"
#include "support/mem_file_system.h"
#include "support/mem_store.h"
#include "support/observation_text.h"

namespace zc::engine::rust {

// What a user types, and where.
struct TypedCommand {
  std::string tool = "/rust/bin/rustc";
  std::vector<std::string> args;  // without the program
  std::vector<std::string> env = {"PATH=/bin", "VERSION=1"};
  std::string cwd = "/w";
  bool has_no_stdin = false;
  bool has_terminal = false;

  TypedCommand with(const std::string& arg) const {
    TypedCommand out = *this;
    out.args.push_back(arg);
    return out;
  }
};

// What comes of a run.
struct Ran {
  std::vector<std::optional<std::string>> outputs;  // the products that there are, in their order
  std::optional<compiler::rust::DepInfo> dep_info;
  test::ObservationText seen;
  std::string out;
  std::string err;
  wire::RunReport done;
  bool is_observed = true;
};

inline constexpr os::World kWorld = {
    .root_mount = 4, .pid_namespace = 2, .user_namespace = 3, .personality = 0};

class RustEngineTest : public testing::Test {
 protected:
  RustEngineTest() {
    const std::string program =
        "\x7f"
        "ELF";
    for (const char* tool : {"rustc", "clippy-driver", "rustfmt"}) {
      fs_.write(str_cat("/rust/bin/", tool), program + tool);
    }
    fs_.write("/rust/lib/rustlib/x86_64-unknown-linux-gnu/lib/libstd.rlib", "std");
    fs_.write("/w/src/lib.rs", "mod m;");
    fs_.write("/w/src/m.rs", "fn m() {}");
    for (const char* target : {"/t1", "/t2"}) {
      fs_.write(str_cat(target, "/deps/libbase.rmeta"), "base");
    }
    fs_.tick();
  }

  static TypedCommand library(const std::string& target) {
    const std::string deps = target + "/deps";
    return {.args = {"--crate-name", "a", "--crate-type", "lib", "--emit=dep-info,metadata,link",
                     "--error-format=json", "--json=artifacts", "--out-dir", deps, "-L",
                     "dependency=" + deps, "--extern", "base=" + deps + "/libbase.rmeta",
                     "src/lib.rs"}};
  }
  // It has gone well, and everything can be known of it.
  Ran ran(const std::string& target, const std::string& checkout = "/w") {
    const std::string deps = target + "/deps";
    fs_.tick();
    Ran out;
    out.outputs = {"rlib", "rmeta"};
    out.dep_info = {.targets = {deps + "/a.d", deps + "/liba.rlib", deps + "/liba.rmeta"},
                    .files = {"src/lib.rs", "src/m.rs"},
                    .env = {{.name = "VERSION", .value = "1"}}};
    out.seen.at(fs_.now_ns())
        .add('H', "/rust/bin/rustc")
        .add('T', deps)
        .add('R', checkout + "/src/lib.rs")
        .add('R', checkout + "/src/m.rs")
        .add('S', deps + "/libbase.rmeta")
        .add('R', deps + "/libbase.rmeta")
        .add('E', "VERSION")
        .add('W', deps + "/liba.rmeta")
        .add('W', deps + "/liba.rlib")
        .add('W', deps + "/a.d");
    out.err = messages(target);
    return out;
  }
  static std::string messages(const std::string& target) {
    const std::string deps = target + "/deps";
    return str_cat("{\"$message_type\":\"diagnostic\"}\n",
                   compiler::rust::artifact_line(deps + "/a.d", "dep-info"),
                   compiler::rust::artifact_line(deps + "/liba.rmeta", "metadata"),
                   compiler::rust::artifact_line(deps + "/liba.rlib", "link"));
  }

  CompileOrBypass claim(const TypedCommand& typed) {
    // The texts of a request live as long as its frame.
    const TypedCommand& command = *commands_.emplace_back(std::make_unique<TypedCommand>(typed));
    wire::CompileRequest request;
    request.tool = command.tool;
    request.cwd = command.cwd;
    request.args = {"argv0"};
    request.args.insert(request.args.end(), command.args.begin(), command.args.end());
    request.env.assign(command.env.begin(), command.env.end());
    request.has_no_stdin = command.has_no_stdin;
    request.has_terminal = command.has_terminal;
    request.start_ns = static_cast<std::uint64_t>(fs_.now_ns());
    request.root_id = id_of("/");
    request.world = kWorld;
    request.cwd_id = id_of(command.cwd);
    return engine_.claim(request);
  }
  std::unique_ptr<CacheableCompile> compile(const TypedCommand& command) {
    auto out = claim(command);
    if (!out) {
      ADD_FAILURE() << told(out.error());
      return nullptr;
    }
    return *std::move(out);
  }
  std::string refused(const TypedCommand& command) {
    const auto out = claim(command);
    return out ? "" : std::string(compiler::text_of(out.error().reason).id);
  }

  // Empty when the result was stored, else the reason and what it is about.
  std::string recorded(CacheableCompile& compile, const Ran& ran) {
    Ran open = ran;
    std::vector<os::Fd> fds;
    for (const std::optional<std::string>& output : ran.outputs) {
      open.done.present.push_back(output.has_value());
      if (output) {
        fds.push_back(file_with(*output));
      }
    }
    if (ran.dep_info) {
      open.done.present.push_back(true);
      fds.push_back(file_with(compiler::rust::write_dep_info(*ran.dep_info)));
    }
    return recorded(compile, open, std::move(fds), [] {});
  }
  // With open files, which `ran.done` says are there, for products and dep-info.
  std::string recorded(CacheableCompile& compile, const Ran& ran, std::vector<os::Fd> fds,
                       const std::function<void()>& on_taken) {
    wire::RunReport done = ran.done;
    compile.observation = ran.is_observed ? ran.seen.text() : "";
    done.out = ran.out;
    done.err = ran.err;
    const auto stored = engine_.store_result(compile, done, fds, on_taken);
    return stored ? "" : told(stored.error());
  }
  std::optional<HitReply> lookup(const CacheableCompile& compile) {
    return engine_.lookup(compile);
  }
  bool hits(const TypedCommand& command) {
    fs_.tick();
    const auto request = compile(command);
    return request != nullptr && lookup(*request).has_value();
  }

  static os::Fd file_with(const std::string& text) {
    os::Fd fd(::memfd_create("rust-engine-test", MFD_CLOEXEC));
    EXPECT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
    return fd;
  }
  static std::string told(const compiler::Bypass& bypass) {
    const std::string_view id = compiler::text_of(bypass.reason).id;
    return bypass.detail.empty() ? std::string(id) : str_cat(id, ' ', bypass.detail);
  }

  test::MemFileSystem fs_;
  test::MemStore store_;
  test::MadeUpRustc rustc_;
  files::FileCache files_{fs_, nullptr};
  const Dependencies world_ = {.fs = fs_,
                               .files = files_,
                               .runner = rustc_,
                               .store = store_,
                               .world = kWorld,
                               .host_cpu = "cpu"};
  Engine engine_{world_, frontends()};

 private:
  Frontends frontends() const {
    Frontends out;
    out.push_back(std::make_unique<Frontend>(world_));
    return out;
  }

  wire::FileId id_of(const std::string& path) const {
    os::FileStamp stamp;
    (void)fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp);
    return {.dev = stamp.dev, .ino = stamp.ino};
  }

  std::vector<std::unique_ptr<TypedCommand>> commands_;
};

}  // namespace zc::engine::rust
