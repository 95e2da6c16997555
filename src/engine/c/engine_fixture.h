// EngineTest: the engine in a made-up world: a gcc that exists only in memory, what the observer
// would have seen of it, a store in memory, and real descriptors only where a client would pass
// some.
//
// Thread: one.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "engine/c/frontend.h"
#include "engine/engine.h"
#include "support/mem_file_system.h"
#include "support/mem_store.h"
#include "support/observation_text.h"

namespace zc::engine::c {

// Prints what gcc would when the engine runs it.
class FakeGcc final : public os::CommandRunner {
 public:
  Result<os::CommandOutput> run(const os::Command& command) override {
    ++runs;
    for (const std::string& variable : command.env) {
      if (variable == "LD_TRACE_LOADED_OBJECTS=1") {
        return os::CommandOutput{.err =
                                     "  7:\t  trying file=/opt/lib/tls/libz.so\n"
                                     "  7:\t  trying file=/opt/../opt/libz.so\n"};
      }
    }
    const std::string& word = command.args.at(1);
    if (word == "--version") {
      return os::CommandOutput{.out = "gcc 12\nFree Software Foundation, Inc.\n"};
    }
    if (word.starts_with("-print-prog-name=")) {
      return os::CommandOutput{.out = "/usr/libexec/" + word.substr(17) + "\n"};
    }
    if (word == "-print-search-dirs") {
      return os::CommandOutput{.out = "install: /\nprograms: =/opt/:/usr/libexec/\n"};
    }
    if (word == "-print-libgcc-file-name") {
      return os::CommandOutput{.out = "/usr/libexec/libgcc.a\n"};
    }
    return fail(Code::kInvalid, str_cat("nothing else is requested of gcc: ", word));
  }
  int runs = 0;
};

inline os::Fd file_with(const std::string& text) {
  os::Fd fd(::memfd_create("engine-test", MFD_CLOEXEC));
  EXPECT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return fd;
}

inline constexpr os::World kWorld = {
    .root_mount = 4, .pid_namespace = 2, .user_namespace = 3, .personality = 0};

class EngineTest : public testing::Test {
 protected:
  EngineTest() {
    for (const char* program :
         {"/usr/bin/gcc", "/usr/libexec/cc1", "/usr/libexec/cc1plus", "/usr/libexec/as"}) {
      fs_.write(program,
                "\x7f"
                "ELF");
    }
    fs_.write("/w/a.c", "#include \"a.h\"\n");
    fs_.write("/w/a.h", "int a;\n");
    fs_.make_directory("/usr/include");
    fs_.tick();
  }

  wire::CompileRequest request(std::vector<ByteView> args = {"gcc", "-c", "a.c"}) {
    wire::CompileRequest out = request_in("/w");
    out.args = std::move(args);
    return out;
  }
  wire::CompileRequest request_in(const char* cwd) {
    wire::CompileRequest out;
    out.tool = "/usr/bin/gcc";
    out.cwd = cwd;
    out.args = {"gcc", "-c", "a.c"};
    os::FileStamp stamp;
    fs_.stat(os::FileSystem::kNoDirectory, "/", stamp);
    out.root_id = {.dev = stamp.dev, .ino = stamp.ino};
    fs_.stat(os::FileSystem::kNoDirectory, cwd, stamp);
    out.cwd_id = {.dev = stamp.dev, .ino = stamp.ino};
    out.world = kWorld;
    out.start_ns = static_cast<std::uint64_t>(fs_.now_ns());
    return out;
  }

  Engine engine(store::Store& store) {
    const Dependencies world = {.fs = fs_,
                                .files = files_,
                                .runner = gcc_,
                                .store = store,
                                .world = kWorld,
                                .host_cpu = "x"};
    Frontends frontends;
    frontends.push_back(std::make_unique<Frontend>(world));
    return Engine(world, std::move(frontends));
  }

  static std::unique_ptr<CacheableCompile> compile(Engine& engine,
                                                   const wire::CompileRequest& request) {
    auto out = engine.claim(request);
    if (!out) {
      ADD_FAILURE() << compiler::text_of(out.error().reason).id << ' ' << out.error().detail;
      return nullptr;
    }
    return *std::move(out);
  }
  static compiler::Reason refused(Engine& engine, const wire::CompileRequest& request) {
    auto out = engine.claim(request);
    EXPECT_FALSE(out);
    return out ? compiler::Reason::kCount : out.error().reason;
  }

  // The driver starts cc1, and then the assembler; `compiler` is what cc1 does.
  test::ObservationText seen_of(const std::function<void(test::ObservationText&)>& compiler) const {
    test::ObservationText out;
    out.at(fs_.now_ns())
        .add('H', "/usr/bin/gcc")
        .add('E', "COMPILER_PATH", ENOENT)
        .add('S', "/tmp")
        .add('W', "/tmp/cc1.s")
        .add('P', "/usr/libexec/cc1");
    compiler(out.by(2).add('H', "/usr/libexec/cc1").add('R', "/w/./a.c"));
    return out.add('W', "/tmp/cc1.s")
        .by(1)
        .add('P', "/usr/libexec/as")
        .by(3)
        .add('H', "/usr/libexec/as")
        .add('R', "/tmp/cc1.s")
        .add('W', "/w/./a.o")
        .by(1)
        .add('U', "/tmp/cc1.s");
  }
  static void read_header(test::ObservationText& seen) { seen.add('R', "/w/./a.h"); }

  // What a client and the observer report of a compile that goes well and ends now.
  struct Report {
    wire::RunReport done;
    std::vector<os::Fd> fds;
    Result<std::string> seen;
  };
  Report report_of(const test::ObservationText& seen, const std::string& depfile) const {
    Report out = {.done = {}, .fds = {}, .seen = seen.text()};
    out.done.present = {true};
    out.done.has_memory_file = true;
    out.done.err = "warning\n";
    out.fds.push_back(file_with("object"));
    out.fds.push_back(file_with(depfile));
    return out;
  }
  Report good_report() const { return report_of(seen_of(read_header), "x: a.c a.h\n"); }
  // Of a command with a depfile of its own.
  Report report_with_depfile(const test::ObservationText& seen, const std::string& depfile) const {
    Report out = report_of(seen, depfile);
    out.done.present.push_back(true);
    out.done.has_memory_file = false;
    return out;
  }
  static StoredOrFirst store(Engine& engine, CacheableCompile& compile, const Report& report) {
    compile.observation = report.seen;
    return engine.store_result(compile, report.done, report.fds, [] {});
  }
  // Empty if it was stored, else the reason and what it is about.
  static std::string stored(Engine& engine, CacheableCompile& compile, const Report& report) {
    const auto out = store(engine, compile, report);
    return out ? "" : str_cat(compiler::text_of(out.error().reason).id, ' ', out.error().detail);
  }
  static std::string stored(Engine& engine, const wire::CompileRequest& request,
                            const Report& report) {
    return stored(engine, *compile(engine, request), report);
  }
  static bool hits(Engine& engine, const wire::CompileRequest& request) {
    return engine.lookup(*compile(engine, request)).has_value();
  }

  test::MemFileSystem fs_;
  test::MemStore store_;
  FakeGcc gcc_;
  files::FileCache files_{fs_, nullptr};
};

}  // namespace zc::engine::c
