#include "engine/engine.h"

#include <cerrno>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "engine/c/engine_fixture.h"
#include "support/temporary_directory.h"

namespace zc::engine::c {
namespace {

using compiler::Reason;

class FullStore final : public store::Store {
 public:
  std::optional<store::Manifest> manifest(const Digest&) override { return std::nullopt; }
  std::optional<store::Input> input(store::InputId id) override { return world.input(id); }
  store::InputId intern(const store::Input& input) override { return world.intern(input); }
  void put_result(const Digest&, store::InputSet, store::ResultRecord) override { recorded = true; }
  std::optional<store::ResultRecord> result(const Digest&) override { return std::nullopt; }
  void remove_result(const Digest&, const Digest&) override {}
  std::optional<std::uint64_t> touch(const Digest&, std::uint64_t) override { return {}; }
  Result<Digest> put_blob(int, std::uint64_t) override { return fail(Code::kNoSpace, "full"); }
  Result<Digest> put_blob(std::string_view) override { return fail(Code::kNoSpace, "full"); }
  Result<store::Blob> blob(const Digest&) override { return fail(Code::kNotFound, ""); }
  std::optional<Digest> file_digest(const os::FileStamp&) override { return std::nullopt; }
  void remember_file(const os::FileStamp&, const Digest&) override {}
  std::optional<store::KnownCommand> known_command(const Digest&) override { return std::nullopt; }
  void remember_command(const Digest&, const store::KnownCommand&) override {}
  std::optional<std::uint64_t> take_missing_room(const Digest&) override { return std::nullopt; }
  Result<Cleared> clear() override { return Cleared{}; }
  void set_size_bytes_max(std::uint64_t) override {}
  store::Usage usage() override { return {}; }
  Result<> flush() override { return {}; }

  test::MemStore world;
  bool recorded = false;
};

TEST_F(EngineTest, TheClientWaitsWhileASourceIsYoung) {
  test::MemStore store;
  Engine engine = this->engine(store);
  EXPECT_TRUE(compile(engine, request())->client_waits);
  fs_.tick(10'000'000'000);
  EXPECT_FALSE(compile(engine, request())->client_waits);
  fs_.write("/w/a.c", "int b;\n");
  EXPECT_TRUE(compile(engine, request())->client_waits);
}

TEST_F(EngineTest, AMissIsRecordedAndThenHits) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const auto first = compile(engine, request);
  ASSERT_NE(first, nullptr);
  EXPECT_FALSE(engine.lookup(*first).has_value());
  const RunPlan plan = first->make_plan();
  EXPECT_TRUE(plan.run.private_depfile);
  EXPECT_THAT(plan.run.outputs, testing::ElementsAre("a.o"));
  EXPECT_TRUE(plan.run.observe);
  EXPECT_TRUE(store(engine, *first, good_report()).has_value());

  const auto second = compile(engine, request);
  const std::optional<HitReply> answer = engine.lookup(*second);
  ASSERT_TRUE(answer.has_value());
  EXPECT_EQ(answer->hit.err, "warning\n");
  ASSERT_EQ(answer->hit.files.size(), 1U);
  EXPECT_EQ(answer->hit.files[0].path, "a.o");
  EXPECT_EQ(answer->hit.files[0].bytes, "object");
  EXPECT_EQ(store_.touched.size(), 0U);
  store_.room = 77;
  EXPECT_EQ(engine.note_use(*answer), 77U);
  EXPECT_EQ(store_.touched.size(), 1U);
  EXPECT_EQ(store_.touched_bytes, std::string_view("warning\nobject").size());

  fs_.write("/w/a.h", "int b;\n");
  EXPECT_FALSE(hits(engine, request));
}

TEST_F(EngineTest, AResultThatIsRemovedHitsNoMore) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const auto first = compile(engine, request);
  EXPECT_TRUE(store(engine, *first, good_report()).has_value());
  const std::optional<HitReply> wrong = engine.lookup(*first);
  ASSERT_TRUE(wrong.has_value());
  engine.remove_result(*first, wrong->result);
  EXPECT_FALSE(hits(engine, request));
  EXPECT_TRUE(store(engine, *compile(engine, request), good_report()).has_value());
  EXPECT_TRUE(hits(engine, request)) << "the next one may be right";
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
  const Report report = good_report();
  fs_.tick();
  fs_.remove("/w/a.h");
  fs_.link("/w/a.h", "two.h");  // an old file
  const auto bypass = store(engine, *first, report);
  ASSERT_FALSE(bypass.has_value());
  EXPECT_EQ(bypass.error().reason, Reason::kModifiedInputFile);
}

TEST_F(EngineTest, TheDepfileOfAHitIsThatOfTheRequest) {
  Engine engine = this->engine(store_);
  ASSERT_EQ(stored(engine, this->request(), good_report()), "");
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
                                                        .pid_namespace = 9,
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

TEST_F(EngineTest, ALibraryThatComesFirstIsAnotherToolchain) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  (void)compile(engine, request);
  for (const char* path : {"/opt/lib/tls/libz.so", "/opt/libz.so"}) {
    const int runs_before = gcc_.runs;
    (void)compile(engine, request);
    EXPECT_EQ(gcc_.runs, runs_before);
    fs_.write(path, "");
    fs_.tick();
    (void)compile(engine, request);
    EXPECT_GT(gcc_.runs, runs_before) << "the compiler is asked anew";
  }
}

TEST_F(EngineTest, ACompilerThatIsAScriptIsLeftToTheFrontendOfWrappers) {
  Engine engine = this->engine(store_);
  fs_.write("/usr/bin/gcc", "#!/bin/sh\n");
  fs_.tick();
  EXPECT_EQ(refused(engine, request()), Reason::kUnsupportedCompiler) << "no frontend has it";
}

// A compile that fails, in a directory that is there: a failure is replayed only where the compiler
// could write its output.
class FailureTest : public EngineTest {
 protected:
  FailureTest() {
    fs_.make_directory(directory_.path());
    fs_.write(source_, "broken\n");
    fs_.tick();
  }
  wire::CompileRequest failing() {
    wire::CompileRequest out = request_in(directory_.path().c_str());
    out.takes_failures = true;
    return out;
  }
  Report failed_report() const {
    test::ObservationText seen;
    seen.at(fs_.now_ns()).add('H', "/usr/bin/gcc").add('P', "/usr/libexec/cc1");
    seen.by(2).add('H', "/usr/libexec/cc1").add('R', directory_.path() + "/./a.c");
    Report out = {.done = {}, .fds = {}, .seen = seen.text()};
    out.done.exit_code = 1;
    out.done.present = {false};
    out.done.err = "a.c:1:1: error: broken\n";
    return out;
  }
  // Keeps one; the store takes the time itself.
  void keep(Engine& engine) {
    EXPECT_EQ(stored(engine, failing(), failed_report()), "");
    for (auto& [key, result] : store_.results) {
      result.stored_ns = fs_.now_ns();
    }
  }

  const test::TemporaryDirectory directory_;
  const std::string source_ = directory_ / "a.c";
};

TEST_F(FailureTest, IsReplayedForADay) {
  Engine engine = this->engine(store_);
  EXPECT_FALSE(hits(engine, failing()));
  keep(engine);
  const auto reply = engine.lookup(*compile(engine, failing()));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->hit.exit_code, 1);
  EXPECT_EQ(reply->hit.err, "a.c:1:1: error: broken\n");
  EXPECT_TRUE(reply->hit.files.empty());
  fs_.tick(23LL * 60 * 60 * 1'000'000'000);
  EXPECT_TRUE(hits(engine, failing()));
  fs_.tick(2LL * 60 * 60 * 1'000'000'000);
  EXPECT_FALSE(hits(engine, failing()));
}

TEST_F(FailureTest, IsForClientsThatKnowIt) {
  Engine engine = this->engine(store_);
  wire::CompileRequest old = failing();
  old.takes_failures = false;
  EXPECT_EQ(stored(engine, old, failed_report()), "compile_failed ");
  keep(engine);
  EXPECT_FALSE(hits(engine, old));
}

TEST_F(FailureTest, IsForTheSameOldOutputs) {
  Engine engine = this->engine(store_);
  keep(engine);
  fs_.write(directory_ / "a.o", "old");
  fs_.tick();
  EXPECT_FALSE(hits(engine, failing()));
}

TEST_F(FailureTest, IsForAnOutputThatCanBeWritten) {
  Engine engine = this->engine(store_);
  keep(engine);
  EXPECT_TRUE(hits(engine, failing()));
  ASSERT_EQ(::rename(directory_.path().c_str(), (directory_.path() + ".away").c_str()), 0);
  EXPECT_FALSE(hits(engine, failing()));
  ASSERT_EQ(::rename((directory_.path() + ".away").c_str(), directory_.path().c_str()), 0);
}

TEST_F(FailureTest, IsNotKeptIfItMayBeOfSomethingElse) {
  struct Flaw {
    const char* what;
    std::function<void(Report&)> apply;
  };
  const std::vector<Flaw> flaws = {
      {"exit code", [](Report& r) { r.done.exit_code = 2; }},
      {"signal", [](Report& r) { r.done.signalled = true; }},
      {"message", [](Report& r) { r.done.err = "a.c:1:1: error: no\nKilled\n"; }},
      {"standard output", [](Report& r) { r.done.out = "text"; }},
      {"size", [](Report& r) { r.done.streams_too_large = true; }},
      {"observation", [](Report& r) { r.seen = fail(Code::kInvalid, "lost"); }},
      {"attempt to write",
       [&](Report& r) {
         *r.seen +=
             test::ObservationText().at(fs_.now_ns()).add('W', directory_ / "a.o", EACCES).text();
       }},
  };
  Engine engine = this->engine(store_);
  for (const Flaw& flaw : flaws) {
    Report report = failed_report();
    flaw.apply(report);
    EXPECT_TRUE(stored(engine, failing(), report).starts_with("compile_failed")) << flaw.what;
  }
  EXPECT_FALSE(hits(engine, failing()));
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
      {Reason::kNotObserved, [](Report& r) { r.fds[1] = file_with("x: a.c unseen.h\n"); }},
      {Reason::kNotObserved, [](Report& r) { r.seen = std::string(); }},
      {Reason::kNotObserved, [](Report& r) { r.seen = fail(Code::kInvalid, "too long"); }},
      {Reason::kNotObserved, [](Report& r) { *r.seen += "damage"; }},
  };
  for (const Flaw& flaw : flaws) {
    Engine engine = this->engine(store_);
    Report report = good_report();
    flaw.apply(report);
    const auto request = this->request();
    const auto not_stored = store(engine, *compile(engine, request), report);
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
  const auto not_stored = store(engine, *compile, report);
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
    const auto not_stored = store(engine, *compile, report);
    ASSERT_FALSE(not_stored.has_value());
    EXPECT_EQ(not_stored.error().reason, Reason::kModifiedOutputFile);
  }
}

// The frontend of links has them.
TEST_F(EngineTest, OutputsThatAreOneFileAreLeftToTheirRun) {
  Engine engine = this->engine(store_);
  fs_.make_directory("/w/sub");
  for (const char* depfile : {"a.o", "./a.o", "/w/a.o", "sub/../a.o", "/w/./a.o"}) {
    EXPECT_EQ(refused(engine, request({"gcc", "-c", "a.c", "-MD", "-MF", depfile})),
              Reason::kUnsupportedCompiler)
        << depfile;
  }
  fs_.write("/w/a.o", "old");
  fs_.hard_link("/w/a.d", "/w/a.o");
  EXPECT_EQ(refused(engine, request({"gcc", "-c", "a.c", "-MD"})), Reason::kUnsupportedCompiler);
  fs_.remove("/w/a.d");
  EXPECT_NE(compile(engine, request({"gcc", "-c", "a.c", "-MD"})), nullptr);
}

TEST_F(EngineTest, WhatIsWrittenInPlaceHasOneName) {
  Engine engine = this->engine(store_);
  fs_.write("/w/a.d", "old");
  fs_.hard_link("/w/second", "/w/a.d");
  EXPECT_EQ(refused(engine, request({"gcc", "-c", "a.c", "-MD"})), Reason::kUnsupportedCompiler);
  EXPECT_NE(compile(engine, request()), nullptr);
  fs_.write("/w/a.s", "old");
  fs_.hard_link("/w/second.s", "/w/a.s");
  EXPECT_EQ(refused(engine, request({"gcc", "-S", "a.c"})), Reason::kUnsupportedCompiler);
  fs_.write("/w/a.o", "old");
  fs_.hard_link("/w/second.o", "/w/a.o");
  EXPECT_NE(compile(engine, request()), nullptr) << "an assembler begins a new file";
}

TEST_F(EngineTest, AnInputAsYoungAsTheCompileIsNotTrusted) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const auto compile = this->compile(engine, request);
  fs_.write("/w/a.h", "int late;\n");
  const Report report = good_report();
  fs_.tick();
  const auto not_stored = store(engine, *compile, report);
  ASSERT_FALSE(not_stored.has_value());
  EXPECT_EQ(not_stored.error().reason, Reason::kModifiedInputFile);
}

// A compile that finds headers in directories of the user and of the system, and tests for others.
// The client does not wait until the daemon has looked, so the build may have tidied up before.
class EngineDirectoriesTest : public EngineTest {
 protected:
  EngineDirectoriesTest() {
    fs_.write("/w/a.c",
              "#include <h.h>\n#if __has_include(<tested.h>)\n#endif\n#include <mine.h>\n");
    for (const char* header :
         {"/first/h.h", "/first/sub/tested.h", "/usr/include/h.h", "/mine/mine.h"}) {
      fs_.write(header, "");
    }
    fs_.tick();
  }

  wire::CompileRequest with_directories(const char* option) {
    return request({"gcc", "-I", "/mine", "-isystem", "/first", option, "-c", "a.c"});
  }
  Report report(const char* option) const {
    const test::ObservationText seen = seen_of([](test::ObservationText& cc1) {
      cc1.add('S', "/mine")
          .add('S', "/first")
          .add('R', "/mine/h.h", ENOENT)
          .add('R', "/first/h.h")
          .add('R', "/mine/tested.h", ENOENT)
          .add('S', "/first/sub/tested.h")
          .add('R', "/mine/mine.h");
    });
    return report_with_depfile(seen, std::string_view(option) == "-MMD"
                                         ? "a.o: a.c /mine/mine.h\n"
                                         : "a.o: a.c /first/h.h /mine/mine.h\n");
  }
  // Whether a compile is stored during which something `happens`.
  std::string record(const char* option, const std::function<void()>& happens) {
    Engine engine = this->engine(store_);
    const auto request = with_directories(option);
    const auto run = compile(engine, request);
    fs_.tick();
    const Report report = this->report(option);
    fs_.tick();
    happens();
    return stored(engine, *run, report);
  }
};

TEST_F(EngineDirectoriesTest, WhatIsGoneMayHaveBeenRead) {
  for (const char* option : {"-MD", "-MMD"}) {
    for (const char* path : {"/first/sub/tested.h", "/first/h.h", "/first/sub", "/first"}) {
      EXPECT_THAT(record(option, [&] { fs_.remove(path); }),
                  testing::StartsWith("modified_input_file /first"))
          << option << path;
      for (const char* header : {"/first/h.h", "/first/sub/tested.h"}) {
        fs_.write(header, "");
      }
      fs_.tick();
    }
  }
}

TEST_F(EngineDirectoriesTest, WhatComesWasPerhapsNotThere) {
  EXPECT_EQ(record("-MD", [&] { fs_.write("/mine/h.h", ""); }), "modified_input_file /mine/h.h");
}

TEST_F(EngineDirectoriesTest, WhatWasNotLookedForMayChange) {
  const auto make_output = [&] {
    fs_.write("/mine/b.o", "object");
    fs_.write("/first/sub/c.o", "object");
    fs_.tick();
  };
  EXPECT_EQ(record("-MD", make_output), "");
  EXPECT_EQ(record("-MMD", make_output), "");
}

TEST_F(EngineDirectoriesTest, WhatADepfileLeavesOutIsAnInput) {
  Engine engine = this->engine(store_);
  const auto request = with_directories("-MMD");
  ASSERT_EQ(record("-MMD", [] {}), "");
  const std::optional<HitReply> answer = engine.lookup(*compile(engine, request));
  ASSERT_TRUE(answer.has_value());
  ASSERT_EQ(answer->hit.files.size(), 2U);
  EXPECT_EQ(answer->hit.files[1].bytes, "a.o: a.c /mine/mine.h\n");
  EXPECT_FALSE(hits(engine, with_directories("-MD"))) << "it lists other files";
  fs_.write("/first/h.h", "int other;");
  EXPECT_FALSE(hits(engine, request));
}

TEST_F(EngineDirectoriesTest, AHeaderThatComesFirstIsAMiss) {
  Engine engine = this->engine(store_);
  ASSERT_EQ(record("-MD", [] {}), "");
  EXPECT_TRUE(hits(engine, with_directories("-MD")));
  fs_.write("/mine/tested.h", "");
  EXPECT_FALSE(hits(engine, with_directories("-MD")));
}

// The driver makes its temporary files there; its own records of that reach no result.
TEST_F(EngineTest, WhereTemporaryFilesAreIsNoInput) {
  Engine engine = this->engine(store_);
  auto request = this->request();
  request.env = {"TMPDIR=/one", "PWD=/w", "TERM=dumb"};
  fs_.make_directory("/one");
  fs_.make_directory("/two");
  fs_.tick();
  request.start_ns = static_cast<std::uint64_t>(fs_.now_ns());
  const test::ObservationText seen = seen_of([](test::ObservationText& cc1) {
    cc1.add('E', "TMPDIR").add('E', "PWD").add('E', "TERM").add('S', "/one");
    read_header(cc1);
  });
  ASSERT_EQ(stored(engine, request, report_of(seen, "x: a.c a.h\n")), "");
  request.env = {"TMPDIR=/two", "PWD=/elsewhere", "TERM=xterm"};
  fs_.remove("/one");
  EXPECT_TRUE(hits(engine, request));
}

TEST_F(EngineTest, AVariableThatTheCompilerReadsIsAnInput) {
  Engine engine = this->engine(store_);
  auto request = this->request();
  request.env = {"PLUGIN_MODE=1"};
  const test::ObservationText seen = seen_of([](test::ObservationText& cc1) {
    cc1.add('E', "PLUGIN_MODE");
    read_header(cc1);
  });
  ASSERT_EQ(stored(engine, request, report_of(seen, "x: a.c a.h\n")), "");
  EXPECT_TRUE(hits(engine, request));
  request.env = {"PLUGIN_MODE=2"};
  EXPECT_FALSE(hits(engine, request));
  request.env = {};
  EXPECT_FALSE(hits(engine, request));
}

// It formats the time only to expand a macro, and takes it for other purposes in every compile.
TEST_F(EngineTest, ATimeThatTheCompilerFormatsIsUnrepeatable) {
  Engine engine = this->engine(store_);
  const auto that_calls = [&](const char* function) {
    return report_of(seen_of([&](test::ObservationText& cc1) {
                       read_header(cc1);
                       cc1.add('C', function);
                     }),
                     "x: a.c a.h\n");
  };
  EXPECT_EQ(stored(engine, request(), that_calls("localtime")), "unrepeatable_input localtime");
  EXPECT_EQ(stored(engine, request(), that_calls("gettimeofday")), "");
}

TEST_F(EngineTest, WhatTheRunLeavesBesideItsOutputsIsASideEffect) {
  Engine engine = this->engine(store_);
  const test::ObservationText seen = seen_of([](test::ObservationText& cc1) {
    read_header(cc1);
    cc1.add('W', "/w/./a.c.dump");
  });
  EXPECT_EQ(stored(engine, request(), report_of(seen, "x: a.c a.h\n")), "side_effect /w/a.c.dump");
}

TEST_F(EngineTest, AProgramThatSaysNothingOfItselfIsNotObserved) {
  Engine engine = this->engine(store_);
  const test::ObservationText seen = seen_of([](test::ObservationText& cc1) {
    read_header(cc1);
    cc1.add('P', "/usr/libexec/plugin");
  });
  EXPECT_THAT(stored(engine, request(), report_of(seen, "x: a.c a.h\n")),
              testing::StartsWith("not_observed"));
}

// Relative paths are against the working directory of each request.
TEST_F(EngineTest, WhatWasReadInOneDirectoryServesItsCopy) {
  Engine engine = this->engine(store_);
  ASSERT_EQ(stored(engine, request(), good_report()), "");
  fs_.write("/copy/a.c", "#include \"a.h\"\n");
  fs_.write("/copy/a.h", "int a;\n");
  fs_.tick();
  EXPECT_TRUE(hits(engine, request_in("/copy")));
  fs_.write("/copy/a.h", "int b;\n");
  EXPECT_FALSE(hits(engine, request_in("/copy")));
}

TEST_F(EngineTest, ACompilerThatIsReplacedBeforeTheCompileIsNotStored) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  const auto compile = this->compile(engine, request);
  fs_.write_keeping_mtime("/usr/libexec/cc1",
                          "\x7f"
                          "ELf");
  fs_.tick();
  const auto not_stored = store(engine, *compile, good_report());
  ASSERT_FALSE(not_stored.has_value());
  EXPECT_EQ(not_stored.error().reason, Reason::kModifiedInputFile);
  EXPECT_EQ(not_stored.error().detail, "/usr/libexec/cc1");
}

TEST_F(EngineTest, AFullStoreCostsOnlyTheHit) {
  FullStore full;
  Engine engine = this->engine(full);
  const auto request = this->request();
  const auto not_stored = store(engine, *compile(engine, request), good_report());
  ASSERT_FALSE(not_stored.has_value());
  EXPECT_EQ(not_stored.error().reason, Reason::kStoreUnavailable);
  EXPECT_FALSE(full.recorded);
}

TEST_F(EngineTest, AStoreWithoutNumbersForInputsGetsNoResult) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  store_.has_no_numbers = true;
  const auto stored = store(engine, *compile(engine, request), good_report());
  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().reason, Reason::kStoreUnavailable);
  EXPECT_TRUE(store_.results.empty());
  EXPECT_FALSE(hits(engine, request));
}

TEST_F(EngineTest, ALostBlobIsAMiss) {
  Engine engine = this->engine(store_);
  const auto request = this->request();
  ASSERT_EQ(stored(engine, request, good_report()), "");
  store_.blobs.clear();
  EXPECT_FALSE(hits(engine, request));
}

}  // namespace
}  // namespace zc::engine::c
