// The engine in a made-up world: a gcc that exists only in memory, a store in memory, and real
// descriptors only where a client would pass some.
#include "engine/engine.h"

#include <sys/mman.h>
#include <unistd.h>

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "engine/c/frontend.h"
#include "support/mem_file_system.h"
#include "support/mem_store.h"

namespace zc::engine::c {
namespace {

using compiler::Reason;

// Prints what gcc would when the engine runs it.
class FakeGcc final : public os::CommandRunner {
 public:
  Result<os::CommandOutput> run(const os::Command& command) override {
    ++runs;
    for (const std::string& variable : command.env) {
      if (variable == "LD_TRACE_LOADED_OBJECTS=1") {
        return os::CommandOutput{};
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
    if (std::ranges::find(command.args, "-M") != command.args.end()) {
      return os::CommandOutput{.out = inputs};
    }
    return os::CommandOutput{.err = str_cat("#include \"...\" search starts here:\n"
                                            "#include <...> search starts here:\n",
                                            directories, "End of search list.\n")};
  }
  int runs = 0;
  std::string directories = " /usr/include\n";
  std::string inputs;  // what -M lists
};

os::Fd file_with(const std::string& text) {
  os::Fd fd(::memfd_create("engine-test", MFD_CLOEXEC));
  EXPECT_EQ(::write(fd.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  return fd;
}

class FullStore final : public store::Store {
 public:
  std::optional<store::Manifest> manifest(const Digest&) override { return std::nullopt; }
  std::optional<store::Input> input(store::InputId id) override { return world.input(id); }
  store::InputId intern(const store::Input& input) override { return world.intern(input); }
  void put_result(const Digest&, store::InputSet, store::ResultRecord) override { recorded = true; }
  std::optional<store::ResultRecord> result(const Digest&) override { return std::nullopt; }
  void touch(const Digest&) override {}
  Result<Digest> put_blob(int, std::uint64_t) override { return fail(Code::kNoSpace, "full"); }
  Result<Digest> put_blob(std::string_view) override { return fail(Code::kNoSpace, "full"); }
  Result<store::Blob> blob(const Digest&) override { return fail(Code::kNotFound, ""); }
  std::optional<Digest> file_digest(const os::FileStamp&) override { return std::nullopt; }
  void remember_file(const os::FileStamp&, const Digest&) override {}
  Result<Cleared> clear() override { return Cleared{}; }
  store::Usage usage() override { return {}; }
  Result<> flush() override { return {}; }

  test::MemStore world;
  bool recorded = false;
};

constexpr os::World kWorld = {.root_mount = 4,
                              .mount_namespace = 1,
                              .pid_namespace = 2,
                              .user_namespace = 3,
                              .personality = 0};

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
    wire::CompileRequest out;
    out.tool = "/usr/bin/gcc";
    out.cwd = "/w";
    out.args = std::move(args);
    os::FileStamp stamp;
    fs_.stat(os::FileSystem::kNoDirectory, "/", stamp);
    out.root_id = {.dev = stamp.dev, .ino = stamp.ino};
    fs_.stat(os::FileSystem::kNoDirectory, "/w", stamp);
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
  static Reason refused(Engine& engine, const wire::CompileRequest& request) {
    auto out = engine.claim(request);
    EXPECT_FALSE(out);
    return out ? Reason::kCount : out.error().reason;
  }

  // What a client reports after a compile that went well.
  struct Report {
    wire::RunReport done;
    std::vector<os::Fd> fds;
  };
  static Report good_report() {
    Report out;
    out.done.present = {true};
    out.done.has_memory_file = true;
    out.done.err = "warning\n";
    out.fds.push_back(file_with("object"));
    out.fds.push_back(file_with("x: a.c a.h\n"));
    return out;
  }

  test::MemFileSystem fs_;
  test::MemStore store_;
  FakeGcc gcc_;
  files::FileCache files_{fs_, nullptr};
};

TEST_F(EngineTest, AMissIsRecordedAndThenHits) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const auto first = compile(engine, request);
  ASSERT_NE(first, nullptr);
  EXPECT_FALSE(engine.lookup(*first).has_value());
  const RunPlan plan = first->make_plan();
  EXPECT_TRUE(plan.run.private_depfile);
  EXPECT_THAT(plan.run.outputs, testing::ElementsAre("a.o"));
  const Report report = good_report();
  EXPECT_TRUE(engine.store_result(*first, report.done, report.fds, [] {}).has_value());

  const auto second = compile(engine, request);
  const std::optional<HitReply> answer = engine.lookup(*second);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->hit.err, "warning\n");
  ASSERT_EQ(answer->hit.files.size(), 1U);
  EXPECT_EQ(answer->hit.files[0].path, "a.o");
  EXPECT_EQ(answer->hit.files[0].bytes, "object");
  EXPECT_EQ(store_.touched.size(), 1U);

  fs_.write("/w/a.h", "int b;\n");
  EXPECT_FALSE(engine.lookup(*compile(engine, request)).has_value());
}

TEST_F(EngineTest, ASymlinkThatTurnsDuringTheRunIsTooLate) {
  fs_.write("/w/one.h", "int one;\n");
  fs_.write("/w/two.h", "int two;\n");
  fs_.remove("/w/a.h");
  fs_.link("/w/a.h", "one.h");
  fs_.tick();
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const auto first = compile(engine, request);
  fs_.tick();
  fs_.remove("/w/a.h");
  fs_.link("/w/a.h", "two.h");  // an old file
  const Report report = good_report();
  const auto bypass = engine.store_result(*first, report.done, report.fds, [] {});
  ASSERT_FALSE(bypass.has_value());
  EXPECT_EQ(bypass.error().reason, Reason::kModifiedInputFile);
}

TEST_F(EngineTest, TheDepfileOfAHitIsThatOfTheRequest) {
  Engine engine = this->engine(store_);
  const auto plain = this->request();
  const Report report = good_report();
  ASSERT_TRUE(
      engine.store_result(*compile(engine, plain), report.done, report.fds, [] {}).has_value());
  const auto with_depfile =
      this->request({"gcc", "-c", "a.c", "-MD", "-MP", "-MF", "b.d", "-MT", "t", "-o", "b.o"});
  const auto request = compile(engine, with_depfile);
  const std::optional<HitReply> answer = engine.lookup(*request);
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->hit.files.size(), 2U);
  EXPECT_EQ(answer->hit.files[0].path, "b.o");
  EXPECT_EQ(answer->hit.files[1].path, "b.d");
  EXPECT_EQ(answer->hit.files[1].bytes, "t: a.c a.h\na.h:\n");
}

TEST_F(EngineTest, AnotherRootIsADifferentWorld) {
  Engine engine = this->engine(store_);
  auto elsewhere = request();
  elsewhere.root_id.ino += 1;
  EXPECT_EQ(refused(engine, elsewhere), Reason::kDifferentWorld);
  auto other_cwd = request();
  other_cwd.cwd_id.ino += 1;
  EXPECT_EQ(refused(engine, other_cwd), Reason::kDifferentWorld);
}

TEST_F(EngineTest, AnotherNamespaceIsADifferentWorld) {
  Engine engine = this->engine(store_);
  for (const os::World& world : {os::World(), os::World{.root_mount = kWorld.root_mount,
                                                        .mount_namespace = 9,
                                                        .pid_namespace = kWorld.pid_namespace,
                                                        .user_namespace = kWorld.user_namespace,
                                                        .personality = kWorld.personality}}) {
    auto elsewhere = request();
    elsewhere.world = world;
    EXPECT_EQ(refused(engine, elsewhere), Reason::kDifferentWorld);
  }
}

TEST_F(EngineTest, AChangedCompilerIsAnotherToolchain) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const Digest before = compile(engine, request)->manifest_key;
  const int runs = gcc_.runs;
  EXPECT_EQ(compile(engine, request)->manifest_key, before);
  EXPECT_EQ(gcc_.runs, runs) << "a known compiler is not probed again";
  fs_.write_keeping_mtime("/usr/libexec/cc1",
                          "\x7f"
                          "ELf");
  fs_.tick();
  EXPECT_NE(compile(engine, request)->manifest_key, before);
}

TEST_F(EngineTest, AnAssemblerThatComesFirstIsAnotherToolchain) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const int runs_before = gcc_.runs;
  (void)compile(engine, request);
  const int runs_of_a_probe = gcc_.runs - runs_before;
  fs_.write("/opt/as",
            "\x7f"
            "ELF another");
  fs_.tick();
  (void)compile(engine, request);
  EXPECT_EQ(gcc_.runs - runs_before, 2 * runs_of_a_probe) << "the compiler is asked anew";
}

TEST_F(EngineTest, ACompilerThatIsAScriptIsRefused) {
  Engine engine = this->engine(store_);
  fs_.write("/usr/bin/gcc", "#!/bin/sh\n");
  fs_.tick();
  EXPECT_EQ(refused(engine, request()), Reason::kCompilerCheckFailed);
}

TEST_F(EngineTest, WhatMakesAReportUnfitForStoring) {
  struct Flaw {
    Reason reason;
    std::function<void(Report&)> apply;
  };
  const std::vector<Flaw> flaws = {
      {Reason::kCompileFailed, [](Report& r) { r.done.exit_code = 1; }},
      {Reason::kCompileFailed, [](Report& r) { r.done.signalled = true; }},
      {Reason::kMessagesTooLarge, [](Report& r) { r.done.streams_too_large = true; }},
      {Reason::kInternalError, [](Report& r) { r.done.present.push_back(true); }},
      {Reason::kInternalError, [](Report& r) { r.fds.clear(); }},
      {Reason::kCompilerProducedNoOutput, [](Report& r) { r.fds[0] = file_with(""); }},
      {Reason::kDepfileNotUnderstood, [](Report& r) { r.fds[1] = file_with("y: a.c a.h\n"); }},
      {Reason::kDepfileNotUnderstood, [](Report& r) { r.fds[1] = file_with("x: a.c  a.h\n"); }},
      {Reason::kDepfileNotUnderstood, [](Report& r) { r.done.has_memory_file = false; }},
      {Reason::kModifiedInputFile, [](Report& r) { r.fds[1] = file_with("x: a.c gone.h\n"); }},
  };
  for (const Flaw& flaw : flaws) {
    Engine engine = this->engine(store_);
    Report report = good_report();
    flaw.apply(report);
    const auto request = this->request();
    const auto not_stored =
        engine.store_result(*compile(engine, request), report.done, report.fds, [] {});
    ASSERT_FALSE(not_stored.has_value()) << compiler::text_of(flaw.reason).id;
    EXPECT_EQ(not_stored.error().reason, flaw.reason) << not_stored.error().detail;
  }
  EXPECT_TRUE(store_.results.empty());
}

// On a file system that knows only seconds, an output of an earlier compile looks like one of this
// run to the client.
TEST_F(EngineTest, AnOutputThatTheRunHasLeftAloneIsNotItsOwn) {
  Engine engine = this->engine(store_);
  auto request = this->request();
  request.start_ns = std::numeric_limits<std::int64_t>::max();
  const auto compile = this->compile(engine, request);
  const Report report = good_report();
  compile->products[0].before = *os::stat_fd(report.fds[0].get());
  const auto not_stored = engine.store_result(*compile, report.done, report.fds, [] {});
  ASSERT_FALSE(not_stored.has_value());
  EXPECT_EQ(not_stored.error().reason, Reason::kCompilerProducedNoOutput);
}

// Or the run has written it once more, in the same second: without it, the result would lack a
// file.
TEST_F(EngineTest, AnOutputAsYoungAsTheCompileMayBeAnybodys) {
  for (const std::size_t product : {0U, 1U}) {
    Engine engine = this->engine(store_);
    auto request = this->request({"gcc", "-fstack-usage", "-c", "a.c"});
    const auto compile = this->compile(engine, request);
    ASSERT_EQ(compile->products.size(), 2U);
    Report report = good_report();
    report.done.present = {true, true};
    report.fds.insert(report.fds.begin() + 1, file_with("a.c:1 static"));
    compile->products[product].before = *os::stat_fd(report.fds[product].get());
    const auto not_stored = engine.store_result(*compile, report.done, report.fds, [] {});
    ASSERT_FALSE(not_stored.has_value());
    EXPECT_EQ(not_stored.error().reason, Reason::kModifiedOutputFile);
  }
}

TEST_F(EngineTest, OutputsThatAreOneFileAreRefused) {
  Engine engine = this->engine(store_);
  fs_.make_directory("/w/sub");
  for (const char* depfile : {"a.o", "./a.o", "/w/a.o", "sub/../a.o", "/w/./a.o"}) {
    EXPECT_EQ(refused(engine, request({"gcc", "-c", "a.c", "-MD", "-MF", depfile})),
              Reason::kBadOutputFile)
        << depfile;
  }
  fs_.write("/w/a.o", "old");
  fs_.hard_link("/w/a.d", "/w/a.o");
  EXPECT_EQ(refused(engine, request({"gcc", "-c", "a.c", "-MD"})), Reason::kBadOutputFile);
  fs_.remove("/w/a.d");
  EXPECT_NE(compile(engine, request({"gcc", "-c", "a.c", "-MD"})), nullptr);
}

TEST_F(EngineTest, WhatIsWrittenInPlaceHasOneName) {
  Engine engine = this->engine(store_);
  fs_.write("/w/a.d", "old");
  fs_.hard_link("/w/second", "/w/a.d");
  EXPECT_EQ(refused(engine, request({"gcc", "-c", "a.c", "-MD"})), Reason::kBadOutputFile);
  EXPECT_NE(compile(engine, request()), nullptr);
  fs_.write("/w/a.s", "old");
  fs_.hard_link("/w/second.s", "/w/a.s");
  EXPECT_EQ(refused(engine, request({"gcc", "-S", "a.c"})), Reason::kBadOutputFile);
  fs_.write("/w/a.o", "old");
  fs_.hard_link("/w/second.o", "/w/a.o");
  EXPECT_NE(compile(engine, request()), nullptr) << "an assembler begins a new file";
}

TEST_F(EngineTest, AnInputAsYoungAsTheCompileIsNotTrusted) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const auto compile = this->compile(engine, request);
  fs_.write("/w/a.h", "int late;\n");
  fs_.tick();
  const Report report = good_report();
  const auto not_stored = engine.store_result(*compile, report.done, report.fds, [] {});
  ASSERT_FALSE(not_stored.has_value());
  EXPECT_EQ(not_stored.error().reason, Reason::kModifiedInputFile);
}

// A compile that finds headers in two directories of the system, and tests for others. The client
// does not wait until the daemon has looked, so the build may have tidied up before.
class EngineSystemDirectoriesTest : public EngineTest {
 protected:
  EngineSystemDirectoriesTest() {
    fs_.write("/w/a.c",
              "#include <h.h>\n#if __has_include(<tested.h>)\n#endif\n"
              "#if __has_include(<sub/tested.h>)\n#endif\n#include <mine.h>\n");
    for (const char* header : {"/first/h.h", "/first/tested.h", "/first/sub/tested.h",
                               "/usr/include/h.h", "/mine/sub/mine.h", "/mine/mine.h"}) {
      fs_.write(header, "");
    }
    fs_.tick();
  }

  // What became of a compile during which `happens`, after which the compiler lists `inputs`.
  compiler::OrBypass<> record(const char* option, const std::string& depfile,
                              const std::function<void()>& happens, const std::string& inputs) {
    gcc_.directories = " /mine\n /first\n /usr/include\n";
    Engine engine = this->engine(store_);
    const auto request =
        this->request({"gcc", "-I", "/mine", "-isystem", "/first", option, "-c", "a.c"});
    const auto run = compile(engine, request);
    run->prefetch();
    fs_.tick();
    happens();
    gcc_.inputs = inputs;
    Report report;
    report.done.present = {true, true};
    report.fds.push_back(file_with("object"));
    report.fds.push_back(file_with(depfile));
    return engine.store_result(*run, report.done, report.fds, [] {});
  }
};

constexpr const char* kAllInputs = "a.o: a.c /first/h.h /mine/mine.h\n";
constexpr const char* kUserInputs = "a.o: a.c /mine/mine.h\n";

TEST_F(EngineSystemDirectoriesTest, WhatIsGoneMayHaveBeenRead) {
  const auto modified = [&](const compiler::OrBypass<>& stored) {
    return !stored && stored.error().reason == Reason::kModifiedInputFile;
  };
  EXPECT_TRUE(modified(record(
      "-MMD", kUserInputs, [&] { fs_.remove("/first/sub/tested.h"); },
      "x: a.c /first/h.h /mine/mine.h\n")));
  EXPECT_TRUE(modified(record(
      "-MMD", kUserInputs, [&] { fs_.remove("/first/sub"); }, "x: a.c /first/h.h /mine/mine.h\n")));
  EXPECT_TRUE(
      modified(record("-MD", kAllInputs, [&] { fs_.remove("/first/tested.h"); }, std::string())));
  EXPECT_TRUE(modified(record(
      "-MMD", kUserInputs, [&] { fs_.remove("/first/h.h"); },
      "x: a.c /usr/include/h.h /mine/mine.h\n")));
  fs_.write("/first/h.h", "");
  fs_.tick();
  const auto remove_directory = [&] {
    fs_.remove("/first");
    gcc_.directories = " /mine\n /usr/include\n";
  };
  EXPECT_TRUE(modified(
      record("-MMD", kUserInputs, remove_directory, "x: a.c /usr/include/h.h /mine/mine.h\n")));
}

TEST_F(EngineSystemDirectoriesTest, TheUsersDirectoriesMayChange) {
  const auto make_output = [&] {
    fs_.write("/mine/b.o", "object");
    fs_.write("/mine/sub/c.o", "object");
    fs_.tick();
  };
  EXPECT_TRUE(record("-MD", kAllInputs, make_output, std::string()).has_value());
  EXPECT_TRUE(
      record("-MMD", kUserInputs, make_output, "x: a.c /first/h.h /mine/mine.h\n").has_value());
}

TEST_F(EngineTest, ACompilerThatIsReplacedBeforeTheCompileIsNotStored) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const auto compile = this->compile(engine, request);
  fs_.write_keeping_mtime("/usr/libexec/cc1",
                          "\x7f"
                          "ELf");
  fs_.tick();
  const Report report = good_report();
  const auto not_stored = engine.store_result(*compile, report.done, report.fds, [] {});
  ASSERT_FALSE(not_stored.has_value());
  EXPECT_EQ(not_stored.error().reason, Reason::kModifiedInputFile);
  EXPECT_EQ(not_stored.error().detail, "/usr/libexec/cc1");
}

TEST_F(EngineTest, AFullStoreCostsOnlyTheHit) {
  FullStore full;
  Engine engine = this->engine(full);
  const Report report = good_report();
  const auto request = this->request();
  const auto not_stored =
      engine.store_result(*compile(engine, request), report.done, report.fds, [] {});
  ASSERT_FALSE(not_stored.has_value());
  EXPECT_EQ(not_stored.error().reason, Reason::kStoreUnavailable);
  EXPECT_FALSE(full.recorded);
}

TEST_F(EngineTest, AStoreWithoutNumbersForInputsGetsNoResult) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  store_.has_no_numbers = true;
  const Report report = good_report();
  const auto stored =
      engine.store_result(*compile(engine, request), report.done, report.fds, [] {});
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().reason, Reason::kStoreUnavailable);
  EXPECT_TRUE(store_.results.empty());
  EXPECT_FALSE(engine.lookup(*compile(engine, request)));
}

TEST_F(EngineTest, ALostBlobIsAMiss) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const Report report = good_report();
  ASSERT_TRUE(
      engine.store_result(*compile(engine, request), report.done, report.fds, [] {}).has_value());
  store_.blobs.clear();
  EXPECT_FALSE(engine.lookup(*compile(engine, request)).has_value());
}

}  // namespace
}  // namespace zc::engine::c
