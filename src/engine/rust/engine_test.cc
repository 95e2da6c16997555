// Commands of Rust in a made-up world: understood, run, recorded, and answered. What is learned of
// a compile beyond what it looked at: compile_test.cc.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

#include "base/limits.h"
#include "engine/rust/engine_fixture.h"
#include "support/temporary_directory.h"

namespace zc::engine::rust {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

std::vector<std::string> paths_of(const HitReply& answer) {
  std::vector<std::string> out;
  for (const wire::HitFile& file : answer.hit.files) {
    out.emplace_back(file.path);
  }
  return out;
}

// --- hits

TEST_F(RustEngineTest, AMissIsRunUnderTheObserver) {
  const auto request = compile(library("/t1"));
  ASSERT_NE(request, nullptr);
  EXPECT_FALSE(lookup(*request));
  const RunPlan plan = request->make_plan();
  EXPECT_TRUE(plan.run.observe);
  EXPECT_FALSE(plan.run.private_depfile);
  EXPECT_THAT(plan.run.inject, IsEmpty());
  EXPECT_THAT(plan.run.outputs,
              ElementsAre("/t1/deps/liba.rlib", "/t1/deps/liba.rmeta", "/t1/deps/a.d"));
}

TEST_F(RustEngineTest, AMissIsRecordedAndThenHits) {
  const auto request = compile(library("/t1"));
  Ran ran = this->ran("/t1");
  ran.out = "said on standard output";
  ASSERT_EQ(recorded(*request, ran), "");
  const auto again = compile(library("/t1"));
  const auto answer = lookup(*again);
  ASSERT_TRUE(answer);
  EXPECT_THAT(paths_of(*answer),
              ElementsAre("/t1/deps/liba.rlib", "/t1/deps/liba.rmeta", "/t1/deps/a.d"));
  EXPECT_EQ(answer->hit.files[0].bytes, "rlib");
  EXPECT_EQ(answer->hit.files[1].bytes, "rmeta");
  EXPECT_EQ(answer->hit.files[2].bytes, compiler::rust::write_dep_info(*ran.dep_info));
  EXPECT_EQ(answer->hit.err, ran.err);
  EXPECT_EQ(answer->hit.out, ran.out);
}

TEST_F(RustEngineTest, AnotherTargetDirectoryGetsItsOwnDepInfoAndMessages) {
  ASSERT_EQ(recorded(*compile(library("/t1")), ran("/t1")), "");
  const auto elsewhere = compile(library("/t2"));
  const auto answer = lookup(*elsewhere);
  ASSERT_TRUE(answer);
  EXPECT_THAT(paths_of(*answer),
              ElementsAre("/t2/deps/liba.rlib", "/t2/deps/liba.rmeta", "/t2/deps/a.d"));
  EXPECT_EQ(answer->hit.files[2].bytes, compiler::rust::write_dep_info(*ran("/t2").dep_info));
  EXPECT_EQ(answer->hit.err, messages("/t2"));
}

TEST_F(RustEngineTest, AnotherTargetDirectoryWithAnotherCrateMisses) {
  ASSERT_EQ(recorded(*compile(library("/t1")), ran("/t1")), "");
  fs_.write("/t2/deps/libbase.rmeta", "another");
  EXPECT_FALSE(hits(library("/t2")));
  EXPECT_TRUE(hits(library("/t1")));
}

TEST_F(RustEngineTest, AnyInputThatChangesMakesAMissUntilItIsBack) {
  ASSERT_EQ(recorded(*compile(library("/t1")), ran("/t1")), "");
  for (const char* path : {"/w/src/lib.rs", "/w/src/m.rs", "/t1/deps/libbase.rmeta"}) {
    const auto before = fs_.read(os::FileSystem::kNoDirectory, path, 1000);
    ASSERT_TRUE(before);
    fs_.write(path, before->bytes + " ");
    EXPECT_FALSE(hits(library("/t1"))) << path;
    fs_.write(path, before->bytes);
    EXPECT_TRUE(hits(library("/t1"))) << path;
  }
  fs_.write("/rust/bin/rustc",
            "\x7f"
            "ELF another");
  EXPECT_FALSE(hits(library("/t1")));
}

TEST_F(RustEngineTest, AVariableThatWasAskedForCounts) {
  ASSERT_EQ(recorded(*compile(library("/t1")), ran("/t1")), "");
  TypedCommand other = library("/t1");
  other.env = {"PATH=/other", "VERSION=1", "USER=x"};
  EXPECT_TRUE(hits(other)) << "none of these";
  other.env = {"PATH=/bin", "VERSION=2"};
  EXPECT_FALSE(hits(other));
  other.env = {"PATH=/bin"};
  EXPECT_FALSE(hits(other));
}

TEST_F(RustEngineTest, AnotherCommandMisses) {
  ASSERT_EQ(recorded(*compile(library("/t1")), ran("/t1")), "");
  EXPECT_FALSE(hits(library("/t1").with("-O")));
  TypedCommand elsewhere = library("/t1");
  elsewhere.cwd = "/v";
  fs_.write("/v/src/lib.rs", "mod m;");
  fs_.write("/v/src/m.rs", "fn m() {}");
  EXPECT_FALSE(hits(elsewhere)) << "the cwd is in the outputs";
}

TEST_F(RustEngineTest, SeveralVariantsAreRemembered) {
  ASSERT_EQ(recorded(*compile(library("/t1")), ran("/t1")), "");
  fs_.write("/w/src/m.rs", "fn other() {}");
  fs_.tick();
  const auto request = compile(library("/t1"));
  Ran second = ran("/t1");
  second.outputs = {"second rlib", "second rmeta"};
  ASSERT_EQ(recorded(*request, second), "");
  for (const auto& [text, expected] :
       {std::pair{"fn m() {}", "rlib"}, {"fn other() {}", "second rlib"}}) {
    fs_.write("/w/src/m.rs", text);
    fs_.tick();
    const auto again = compile(library("/t1"));
    const auto answer = lookup(*again);
    ASSERT_TRUE(answer) << text;
    EXPECT_EQ(answer->hit.files[0].bytes, expected);
  }
}

TEST_F(RustEngineTest, MessagesAreAsWideAsTheTerminal) {
  TypedCommand in_terminal = library("/t1");
  in_terminal.has_terminal = true;
  ASSERT_EQ(recorded(*compile(library("/t1")), ran("/t1")), "");
  EXPECT_FALSE(hits(in_terminal));
  Ran said = ran("/t1");
  EXPECT_EQ(recorded(*compile(in_terminal), said),
            "unrepeatable_input messages have the width of a terminal");
  said.err.clear();
  EXPECT_EQ(recorded(*compile(in_terminal), said), "");
  EXPECT_TRUE(hits(in_terminal));
}

// --- what is not cached: by the command

TEST_F(RustEngineTest, CommandsThatAreLeftAlone) {
  const TypedCommand query = {.args = {"-vV"}};
  EXPECT_EQ(refused(query), "called_for_information") << "it may read standard input";
  TypedCommand no_source = library("/t1");
  no_source.args.pop_back();
  EXPECT_EQ(refused(no_source), "no_input_file");
  no_source.args.emplace_back("gone.rs");
  EXPECT_EQ(refused(no_source), "no_input_file");
  EXPECT_EQ(refused(library("/t1").with("b.rs")), "multiple_source_files");
  EXPECT_EQ(refused(library("/t1").with("-Zunknown")), "unsupported_compiler_option");
  EXPECT_EQ(refused(library("/t1").with("@gone")), "unsupported_response_file");
  EXPECT_EQ(refused(library("/t1").with("-Cprofile-use=gone")), "no_input_file");
  TypedCommand wrapped = library("/t1");
  wrapped.tool = "/bin/wrapper";
  wrapped.args.insert(wrapped.args.begin(), "rustc");
  EXPECT_EQ(refused(wrapped), "compiler_check_failed") << "there is no rustc on PATH";
}

TEST_F(RustEngineTest, OutputsMustBePlainFilesOrMissing) {
  fs_.write("/t1/deps/liba.rlib", "old");
  EXPECT_EQ(refused(library("/t1")), "");
  for (const char* output : {"/t1/deps/liba.rlib", "/t1/deps/liba.rmeta", "/t1/deps/a.d"}) {
    fs_.remove(output);
    fs_.link(output, "/elsewhere");
    EXPECT_EQ(refused(library("/t1")), "bad_output_file") << output;
    fs_.remove(output);
  }
}

TEST_F(RustEngineTest, AToolchainThatIsNoneIsLeftAlone) {
  rustc_.exit_code = 1;
  EXPECT_EQ(refused(library("/t1")), "compiler_check_failed");
}

TEST_F(RustEngineTest, AnotherWorldIsLeftAlone) {
  TypedCommand command = library("/t1");
  command.cwd = "/nowhere";
  EXPECT_EQ(refused(command), "different_world");
}

// --- what is not cached: by the report

struct Flaw {
  const char* reason;
  std::function<void(Ran&)> apply;
};

const std::vector<Flaw>& flaws_of_reports() {
  using compiler::rust::EnvDep;
  static const std::vector<Flaw> flaws = {
      {"compile_failed", [](Ran& r) { r.done.exit_code = 1; }},
      {"compile_failed", [](Ran& r) { r.done.signalled = true; }},
      {"messages_too_large", [](Ran& r) { r.done.streams_too_large = true; }},
      {"internal_error", [](Ran& r) { r.outputs.emplace_back("another"); }},
      {"internal_error", [](Ran& r) { r.dep_info.reset(); }},
      {"compiler_produced_no_output", [](Ran& r) { r.outputs[0].reset(); }},
      {"compiler_produced_no_output", [](Ran& r) { r.outputs[1].reset(); }},
      {"not_observed", [](Ran& r) { r.is_observed = false; }},
      {"not_observed", [](Ran& r) { r.seen = {}; }},
      {"not_observed", [](Ran& r) { r.seen.add('?', "damaged"); }},
      {"not_observed", [](Ran& r) { r.seen.add('!', "ftw"); }},
      {"not_observed", [](Ran& r) { r.seen.add('P', "/bin/static"); }},
      {"not_observed", [](Ran& r) { r.dep_info->files.emplace_back("src/unseen.rs"); }},
      {"depfile_not_understood", [](Ran& r) { r.dep_info->targets.pop_back(); }},
      {"depfile_not_understood", [](Ran& r) { r.dep_info->targets[0] = "/t2/deps/a.d"; }},
      {"depfile_not_understood", [](Ran& r) { r.dep_info->files.clear(); }},
      {"depfile_not_understood", [](Ran& r) { r.dep_info->env = {{"VERSION", "1"}, {"A", "x"}}; }},
      {"depfile_not_understood",
       [](Ran& r) { r.dep_info->env = {{"VERSION", "1"}, {"VERSION", "1"}}; }},
      {"depfile_not_understood", [](Ran& r) { r.dep_info->env = {{"A/B", "x"}}; }},
      {"side_effect", [](Ran& r) { r.seen.add('W', "/w/log"); }},
      {"side_effect", [](Ran& r) { r.seen.add('U', "/w/stamp"); }},
      {"unrepeatable_input", [](Ran& r) { r.seen.add('R', "/proc/uptime"); }},
      {"modified_input_file", [](Ran& r) { r.seen.add('R', "/w/vanished"); }},
  };
  return flaws;
}

TEST_F(RustEngineTest, WhatMakesAReportUnfitForStoring) {
  for (const Flaw& flaw : flaws_of_reports()) {
    const auto request = compile(library("/t1"));
    Ran ran = this->ran("/t1");
    flaw.apply(ran);
    EXPECT_THAT(recorded(*request, ran), StartsWith(flaw.reason));
  }
  EXPECT_TRUE(store_.results.empty());
}

TEST_F(RustEngineTest, AnInputThatChangesWhileItIsCompiledIsNotStored) {
  for (const char* path : {"/w/src/lib.rs", "/w/src/m.rs", "/t1/deps/libbase.rmeta"}) {
    const auto request = compile(library("/t1"));
    const Ran ran = this->ran("/t1");
    fs_.write(path, "changed");
    fs_.tick();
    EXPECT_THAT(recorded(*request, ran), StartsWith("modified_input_file")) << path;
  }
  EXPECT_TRUE(store_.results.empty());
}

TEST_F(RustEngineTest, ASourceThatChangedBeforeItWasReadIsNotStored) {
  const auto request = compile(library("/t1"));
  fs_.write("/w/src/lib.rs", "mod m; ");
  fs_.tick();
  EXPECT_THAT(recorded(*request, ran("/t1")), StartsWith("modified_input_file"))
      << "its content is in the key as it was";
}

TEST_F(RustEngineTest, AToolchainThatIsReplacedBeforeTheRunIsNotStored) {
  const auto request = compile(library("/t1"));
  fs_.write("/rust/bin/rustc",
            "\x7f"
            "ELF another");
  fs_.tick();
  EXPECT_EQ(recorded(*request, ran("/t1")), "modified_input_file /rust/bin/rustc");
}

// --- outputs that another process wants to change

class RustOutputChangeTest : public RustEngineTest {
 protected:
  RustOutputChangeTest() {
    fs_.tick(10'000'000'000);  // the client waits while the source is young
    request_ = compile(library("/t1"));
    ran_ = ran("/t1");
    write("rlib", large_);
    write("rmeta", "rmeta");
    write("dep-info", compiler::rust::write_dep_info(*ran_.dep_info));
    ran_.done.present = {true, true, true};
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(scratch_ / name) << text;
  }
  os::Fd open(const char* name, int flags) const {
    return os::Fd(::open((scratch_ / name).c_str(), flags | O_CLOEXEC));
  }
  // `act` is what another process does once the client has ended; `could_go_on_`: it may end.
  std::string recorded_files(const std::function<void()>& act) {
    could_go_on_ = false;
    store_.blobs.clear();
    std::vector<os::Fd> fds;
    for (const char* name : {"rlib", "rmeta", "dep-info"}) {
      fds.push_back(open(name, O_RDONLY));
    }
    return recorded(*request_, ran_, std::move(fds), [&] {
      could_go_on_ = true;
      EXPECT_TRUE(store_.blobs.empty()) << "on_taken comes first";
      act();
    });
  }

  const std::string large_ = std::string(limits::kTakenBytesMax + 1, 'r');
  test::TemporaryDirectory scratch_;
  std::unique_ptr<CacheableCompile> request_;
  Ran ran_;
  bool could_go_on_ = false;
};

TEST_F(RustOutputChangeTest, TheClientMayGoOnBeforeTheOutputsAreStored) {
  EXPECT_EQ(recorded_files([] {}), "");
  if (!could_go_on_) {
    GTEST_SKIP() << "this file system cannot be watched";
  }
  EXPECT_EQ(store_.results.size(), 1U);
}

TEST_F(RustOutputChangeTest, ALargeOutputThatChangesIsNotStored) {
  const std::vector<std::function<void()>> changes = {
      [&] { write("rlib", large_); },
      [&] { EXPECT_EQ(::truncate((scratch_ / "rlib").c_str(), 1), 0); },
      [&] { open("rlib", O_WRONLY); },
  };
  for (std::size_t i = 0; i < changes.size(); ++i) {
    write("rlib", large_);
    const std::string outcome = recorded_files(changes[i]);
    if (!could_go_on_) {
      GTEST_SKIP() << "this file system cannot be watched";
    }
    EXPECT_EQ(outcome, "modified_output_file src/lib.rs") << i;
    EXPECT_TRUE(store_.results.empty()) << i;
  }
}

// They were taken before: OpenSSL touches each depfile, strip(1) rewrites each object.
TEST_F(RustOutputChangeTest, WhatHappensToSmallOutputsAndTheDepfileDoesNotMatter) {
  const std::string outcome = recorded_files([&] {
    write("rmeta", "another");
    write("dep-info", "");
    EXPECT_EQ(::unlink((scratch_ / "dep-info").c_str()), 0);
  });
  EXPECT_EQ(outcome, "");
  ASSERT_EQ(store_.results.size(), 1U);
  EXPECT_TRUE(store_.blobs.contains(codec::digest_of("rmeta")));
  EXPECT_TRUE(store_.blobs.contains(codec::digest_of(large_)));
}

TEST_F(RustOutputChangeTest, WhatCargoDoesToALargeOutputIsNoChange) {
  const std::string rlib = scratch_ / "rlib";
  os::Fd linker;
  EXPECT_EQ(recorded_files([&] {
              EXPECT_EQ(::utimensat(AT_FDCWD, rlib.c_str(), nullptr, 0), 0);
              EXPECT_EQ(::link(rlib.c_str(), (scratch_ / "second").c_str()), 0);
              linker = open("rlib", O_RDONLY);
            }),
            "");
  EXPECT_EQ(store_.results.size(), 1U);
}

TEST_F(RustOutputChangeTest, WhileSomebodyHasALargeOutputOpenTheClientWaits) {
  const os::Fd writer = open("rlib", O_WRONLY);
  EXPECT_EQ(recorded_files([] {}), "");
  EXPECT_FALSE(could_go_on_);
}

TEST_F(RustOutputChangeTest, ABuildScriptThatTriesSomethingWaits) {
  TypedCommand command = library("/t1");
  command.env.emplace_back("OUT_DIR=/t1");
  request_ = compile(command);
  EXPECT_EQ(recorded_files([] {}), "");
  EXPECT_FALSE(could_go_on_) << "it would remove the directories that rustc has seen";
}

TEST_F(RustOutputChangeTest, AFailureIsNoReasonToLook) {
  ran_.done.exit_code = 1;
  EXPECT_EQ(recorded_files([] {}), "compile_failed");
  EXPECT_FALSE(could_go_on_);
}

// --- queries, wrappers, and the other tools

class RustQueryTest : public RustEngineTest {
 protected:
  static TypedCommand version() { return {.args = {"-vV"}, .has_no_stdin = true}; }
  Ran answered(const std::string& out, const std::string& program = "/rust/bin/rustc") {
    fs_.tick();
    Ran ran;
    ran.out = out;
    ran.err = "a note\n";
    ran.seen.at(fs_.now_ns()).add('H', program).add('E', "RUSTC_LOG", ENOENT);
    return ran;
  }
};

TEST_F(RustQueryTest, AnAnswerIsRemembered) {
  const auto request = compile(version());
  const RunPlan plan = request->make_plan();
  EXPECT_TRUE(plan.run.observe);
  EXPECT_THAT(plan.run.inject, IsEmpty());
  EXPECT_THAT(plan.run.outputs, IsEmpty());
  ASSERT_EQ(recorded(*request, answered("rustc 1.95.0\n")), "");
  const auto again = compile(version());
  const auto answer = lookup(*again);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->hit.out, "rustc 1.95.0\n");
  EXPECT_EQ(answer->hit.err, "a note\n");
  EXPECT_THAT(answer->hit.files, IsEmpty());
}

TEST_F(RustQueryTest, AnotherQuestionIsAnother) {
  ASSERT_EQ(recorded(*compile(version()), answered("rustc 1.95.0\n")), "");
  EXPECT_FALSE(hits({.args = {"-V"}, .has_no_stdin = true}));
  EXPECT_FALSE(hits({.args = {"-vV"}, .cwd = "/t1", .has_no_stdin = true}));
  TypedCommand verbose = version();
  verbose.env.emplace_back("RUSTC_LOG=debug");
  EXPECT_FALSE(hits(verbose));
  EXPECT_TRUE(hits(version()));
}

TEST_F(RustQueryTest, WhatItLookedAtCounts) {
  const TypedCommand command = {.args = {"--print=target-list"}, .has_no_stdin = true};
  fs_.write("/w/target.json", "{}");
  fs_.tick();
  const auto request = compile(command);
  Ran ran = answered("list\n");
  ran.seen.add('R', "/w/target.json");
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_TRUE(hits(command));
  fs_.write("/w/target.json", "{ }");
  EXPECT_FALSE(hits(command));
}

TEST_F(RustQueryTest, OneThatWritesIsNotStored) {
  const auto request = compile(version());
  Ran ran = answered("");
  ran.seen.add('W', "/w/rustc-ice.txt");
  EXPECT_EQ(recorded(*request, ran), "side_effect /w/rustc-ice.txt");
  EXPECT_THAT(recorded(*request, {}),
              testing::StartsWith("not_observed the observer reported nothing"));
}

TEST_F(RustQueryTest, RustfmtIsOneWhenThereIsNothingToFormat) {
  const TypedCommand check = {
      .tool = "/rust/bin/rustfmt", .args = {"--check", "src/lib.rs"}, .has_no_stdin = true};
  const auto request = compile(check);
  Ran ran = answered("", "/rust/bin/rustfmt");
  ran.seen.add('R', "/w/src/lib.rs").add('R', "/w/src/rustfmt.toml", ENOENT);
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_TRUE(hits(check));
  fs_.write("/w/src/rustfmt.toml", "max_width = 80");
  EXPECT_FALSE(hits(check));
  fs_.remove("/w/src/rustfmt.toml");
  fs_.write("/w/src/lib.rs", "mod  m;");
  EXPECT_FALSE(hits(check));
}

TEST_F(RustEngineTest, AWrapperIsObservedLikeAllElse) {
  const std::string image = test::harmless_object();
  fs_.write("/w/wrapper", image);
  fs_.tick();
  TypedCommand wrapped = library("/t1");
  wrapped.tool = "/w/wrapper";
  wrapped.args.insert(wrapped.args.begin(), "/rust/bin/rustc");
  const auto request = compile(wrapped);
  EXPECT_EQ(request->make_plan().run.outputs.size(), 3U);
  Ran plain = ran("/t1");
  EXPECT_EQ(recorded(*request, plain), "not_observed /w/wrapper") << "it was not seen to begin";
  plain.seen = test::ObservationText();
  Ran seen = ran("/t1");
  test::ObservationText begun;
  begun.at(fs_.now_ns()).add('H', "/w/wrapper").add('R', "/w/flags").add('X', "/rust/bin/rustc");
  fs_.tick(-2'000'000'000);
  fs_.write("/w/flags", "-g");
  fs_.tick(2'000'000'000);
  seen.seen = begun;
  for (const char* path : {"/w/src/lib.rs", "/w/src/m.rs", "/t1/deps/libbase.rmeta"}) {
    seen.seen.add('R', path);
  }
  seen.seen.add('H', "/rust/bin/rustc");
  ASSERT_EQ(recorded(*request, seen), "");
  EXPECT_TRUE(hits(wrapped));
  EXPECT_FALSE(hits(library("/t1")));
  fs_.write("/w/flags", "-O");
  EXPECT_FALSE(hits(wrapped));
  fs_.write("/w/flags", "-g");
  EXPECT_TRUE(hits(wrapped));
  fs_.write("/w/wrapper", image + " ");
  EXPECT_FALSE(hits(wrapped));
}

TEST_F(RustEngineTest, ClippyIsAToolOfItsOwn) {
  TypedCommand clippy = library("/t1");
  clippy.tool = "/rust/bin/clippy-driver";
  clippy.args.insert(clippy.args.begin(), "/rust/bin/rustc");
  const auto request = compile(clippy);
  fs_.tick();
  Ran ran = this->ran("/t1");
  ran.seen = test::ObservationText();
  ran.seen.at(fs_.now_ns()).add('H', "/rust/bin/clippy-driver").add('E', "CLIPPY_ARGS", ENOENT);
  for (const char* path : {"/w/src/lib.rs", "/w/src/m.rs", "/t1/deps/libbase.rmeta"}) {
    ran.seen.add('R', path);
  }
  ran.seen.add('S', "/w/clippy.toml", ENOENT);
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_TRUE(hits(clippy));
  EXPECT_FALSE(hits(library("/t1")));
  TypedCommand pedantic = clippy;
  pedantic.env.emplace_back("CLIPPY_ARGS=-Wclippy::pedantic");
  EXPECT_FALSE(hits(pedantic));
  fs_.write("/w/clippy.toml", "");
  EXPECT_FALSE(hits(clippy));
}

}  // namespace
}  // namespace zc::engine::rust
