// What is learned of a compile of Rust besides what it looked at: its dep-info, its messages, and
// whether what it made is right for other roots.
#include "engine/rust/compile.h"

#include "engine/rust/engine_fixture.h"

namespace zc::engine::rust {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using RustCompileTest = RustEngineTest;

// --- dep-info

TEST_F(RustCompileTest, TheOrderOfTheDepInfoIsKept) {
  const auto request = compile(library("/t1"));
  Ran ran = this->ran("/t1");
  ran.dep_info->files = {"src/m.rs", "src/lib.rs"};
  ASSERT_EQ(recorded(*request, ran), "");
  const auto again = compile(library("/t1"));
  const auto answer = lookup(*again);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->hit.files[2].bytes, compiler::rust::write_dep_info(*ran.dep_info));
}

// rustc 1.85 and 1.63 wrote other rules, which a hit has to write as well.
TEST_F(RustCompileTest, TheFormOfAnOlderDepInfoIsKept) {
  for (const char* metadata : {"/liba.rmeta", "/a.rmeta"}) {
    const auto request = compile(library("/t1"));
    Ran ran = this->ran("/t1");
    ran.dep_info->targets = {str_cat("/t1/deps", metadata), "/t1/deps/liba.rlib", "/t1/deps/a.d"};
    ASSERT_EQ(recorded(*request, ran), "") << metadata;
    const auto again = compile(library("/t2"));
    const auto answer = lookup(*again);
    ASSERT_TRUE(answer) << metadata;
    ran.dep_info->targets = {str_cat("/t2/deps", metadata), "/t2/deps/liba.rlib", "/t2/deps/a.d"};
    EXPECT_EQ(answer->hit.files[2].bytes, compiler::rust::write_dep_info(*ran.dep_info));
    fs_.write("/w/src/m.rs", "fn next() {}");
  }
  const auto request = compile(library("/t1"));
  Ran ran = this->ran("/t1");
  ran.dep_info->targets = {"/t1/deps/liba.rlib", "/t1/deps/liba.rmeta", "/t1/deps/a.d"};
  EXPECT_THAT(recorded(*request, ran), StartsWith("depfile_not_understood"));
}

TEST_F(RustCompileTest, SourcesInADirectoryOfCratesWereNotFoundThroughIt) {
  for (const char* target : {"/t1", "/t2"}) {
    fs_.write(str_cat(target, "/deps/made.rs"), "made");
  }
  fs_.tick();
  const auto request = compile(library("/t1"));
  Ran ran = this->ran("/t1");
  ran.dep_info->files.emplace_back("/t1/deps/made.rs");
  ran.seen.add('R', "/t1/deps/made.rs");
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_FALSE(hits(library("/t2"))) << "it may well be the one in /t1 that would be read";
  EXPECT_TRUE(hits(library("/t1")));
}

TEST_F(RustCompileTest, TheDirectoryOfTheOutputsIsThatOfTheRequest) {
  const auto in = [](const std::string& out) {
    TypedCommand command = library("/t1");
    *std::ranges::find(command.args, "/t1/deps") = out;
    return command;
  };
  fs_.make_directory("/o1");
  fs_.make_directory("/o2");
  fs_.tick();
  const auto request = compile(in("/o1"));
  Ran ran = this->ran("/t1");
  ran.dep_info->targets = {"/o1/a.d", "/o1/liba.rlib", "/o1/liba.rmeta"};
  ran.err.clear();
  ran.seen = test::ObservationText().at(fs_.now_ns());
  ran.seen.add('H', "/rust/bin/rustc").add('R', "/w/src/lib.rs").add('R', "/w/src/m.rs");
  ran.seen.add('R', "/t1/deps/libbase.rmeta").add('S', "/o1").add('W', "/o1/liba.rmeta");
  ASSERT_EQ(recorded(*request, ran), "");
  fs_.remove("/o1");
  EXPECT_TRUE(hits(in("/o2")));
}

TEST_F(RustCompileTest, VariablesOfADepInfoAreWrittenAgain) {
  const auto request = compile(library("/t1"));
  Ran ran = this->ran("/t1");
  ran.dep_info->env = {{.name = "UNSET", .value = std::nullopt}, {.name = "VERSION", .value = "1"}};
  ASSERT_EQ(recorded(*request, ran), "");
  const auto again = compile(library("/t1"));
  const auto answer = lookup(*again);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->hit.files[2].bytes, compiler::rust::write_dep_info(*ran.dep_info));
  TypedCommand other = library("/t1");
  other.env.emplace_back("UNSET=");
  EXPECT_FALSE(hits(other));
}

TEST_F(RustCompileTest, VariablesThatAWrapperSetAreNotThoseOfTheRequest) {
  // rustup and wrappers give rustc other variables than they got; ours would be written instead.
  for (const compiler::rust::EnvDep& seen :
       {compiler::rust::EnvDep{.name = "VERSION", .value = "2"},
        compiler::rust::EnvDep{.name = "VERSION", .value = std::nullopt},
        compiler::rust::EnvDep{.name = "RUSTUP_TOOLCHAIN", .value = "stable"},
        compiler::rust::EnvDep{.name = "UNSET", .value = ""}}) {
    const auto request = compile(library("/t1"));
    Ran ran = this->ran("/t1");
    ran.dep_info->env = {seen};
    EXPECT_THAT(recorded(*request, ran), StartsWith("depfile_not_understood")) << seen.name;
  }
}

TEST_F(RustCompileTest, ACompileWithoutDepInfoIsKnownByWhatItLookedAt) {
  TypedCommand command = library("/t1");
  command.args[4] = "--emit=metadata,link";
  const auto request = compile(command);
  Ran ran = this->ran("/t1");
  ran.dep_info.reset();
  EXPECT_EQ(recorded(*request, ran), "side_effect /t1/deps/a.d") << "nobody has asked for it";
  test::ObservationText seen;
  seen.at(fs_.now_ns()).add('H', "/rust/bin/rustc").add('R', "/w/src/lib.rs");
  seen.add('R', "/w/src/m.rs").add('E', "VERSION");
  ran.seen = seen;
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_TRUE(hits(command));
  fs_.write("/w/src/m.rs", "fn other() {}");
  EXPECT_FALSE(hits(command));
}

// --- symlinks to crates

// rustc opens what the symlink leads to; another one must not get the same result.
TEST_F(RustCompileTest, ACrateMayBeASymlink) {
  fs_.write("/store/libbase.rmeta", "base");
  fs_.write("/store/libother.rmeta", "another base");
  fs_.remove("/t1/deps/libbase.rmeta");
  fs_.link("/t1/deps/libbase.rmeta", "/store/libbase.rmeta");
  fs_.tick();
  const auto request = compile(library("/t1"));
  Ran ran = this->ran("/t1");
  ran.seen = test::ObservationText().at(fs_.now_ns());
  ran.seen.add('H', "/rust/bin/rustc").add('R', "/w/src/lib.rs").add('R', "/w/src/m.rs");
  ran.seen.add('S', "/t1/deps/libbase.rmeta").add('R', "/store/libbase.rmeta");
  ran.seen.add('W', "/t1/deps/liba.rmeta");
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_TRUE(hits(library("/t1")));
  fs_.remove("/t1/deps/libbase.rmeta");
  fs_.link("/t1/deps/libbase.rmeta", "/store/libother.rmeta");
  EXPECT_FALSE(hits(library("/t1")));
}

// --- what the run keeps for itself

TEST_F(RustCompileTest, WhatIsKeptBetweenRunsIsNoInput) {
  const TypedCommand command = library("/t1").with("-Cincremental=/t1/state");
  const auto request = compile(command);
  Ran ran = this->ran("/t1");
  ran.seen.add('R', "/t1/state/old").add('M', "/t1/state/s").add('C', "time");
  ran.seen.add('W', "/t1/state/s/new").add('U', "/t1/state/old");
  EXPECT_EQ(recorded(*request, ran), "");
  EXPECT_TRUE(hits(command));
  fs_.write("/t1/state/old", "whatever");
  EXPECT_TRUE(hits(command));
}

TEST_F(RustCompileTest, WhatOnlyBeginsLikeItIsOne) {
  fs_.write("/t1/secret", "");
  fs_.write("/t1/state2/a", "");
  fs_.tick();
  const TypedCommand command = library("/t1").with("-Cincremental=/t1/state");
  const auto request = compile(command);
  Ran ran = this->ran("/t1");
  ran.seen.add('R', "/t1/state/../secret").add('R', "/t1/state2/a");
  ASSERT_EQ(recorded(*request, ran), "");
  fs_.write("/t1/secret", "other");
  EXPECT_FALSE(hits(command));
  fs_.write("/t1/secret", "");
  EXPECT_TRUE(hits(command));
  fs_.write("/t1/state2/a", "other");
  EXPECT_FALSE(hits(command));
}

TEST_F(RustCompileTest, OutputsAreKnownByTheirRealPathsAsWell) {
  fs_.make_directory("/disk/deps");
  fs_.link("/t3", "/disk/deps");
  fs_.tick();
  TypedCommand command = library("/t1");
  command.args[8] = "/t3";
  const auto request = compile(command);
  Ran ran = this->ran("/t1");
  ran.dep_info->targets = {"/t3/a.d", "/t3/liba.rlib", "/t3/liba.rmeta"};
  test::ObservationText seen;
  seen.at(fs_.now_ns()).add('H', "/rust/bin/rustc").add('W', "/disk/deps/liba.rlib");
  seen.add('W', "/t3/liba.rmeta").add('W', "/t3/./a.d").add('R', "/w/src/lib.rs");
  seen.add('R', "/w/src/m.rs");
  ran.seen = seen;
  EXPECT_EQ(recorded(*request, ran), "");
}

// --- messages and outputs that are right here only

TEST_F(RustCompileTest, AMessageThatNamesAPlaceIsForNoOther) {
  const auto request = compile(library("/t1"));
  Ran ran = this->ran("/t1");
  ran.err += "{\"message\":\"see /t1/deps/libbase.rmeta\"}\n";
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_FALSE(hits(library("/t2")));
  EXPECT_TRUE(hits(library("/t1")));
}

TEST_F(RustCompileTest, SoIsOneOnStandardOutput) {
  const auto request = compile(library("/t1"));
  Ran ran = this->ran("/t1");
  ran.out = "running rustc -L dependency=/t1/deps\n";
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_FALSE(hits(library("/t2")));
  EXPECT_TRUE(hits(library("/t1")));
}

TEST_F(RustCompileTest, AMessageThatNamesADirectoryIsForNoCommandThatSpellsItOtherwise) {
  fs_.make_directory("/disk/deps");
  fs_.link("/t3", "/disk/deps");
  fs_.link("/t4", "/disk/deps");
  fs_.make_directory("/w/o\"");
  // What the command says, what a message says, and another command for which that is wrong.
  struct Naming {
    std::string out_dir;
    std::string message;
    std::string other;
  };
  for (const Naming& naming : std::vector<Naming>{
           {.out_dir = "/t1", .message = "/t1/p.o: warning", .other = "/t2"},
           {.out_dir = "o1", .message = "o1/p.o: warning", .other = "o2"},
           {.out_dir = "o1", .message = "o1/p.o: warning", .other = "/w/o1"},
           {.out_dir = "o1", .message = "/w/o1/p.o: warning", .other = "o2"},
           {.out_dir = "o\"", .message = "{\"x\":\"o\\\"/p.o\"}", .other = "o2"},
           {.out_dir = "/t3", .message = "/disk/deps/p.o: warning", .other = "/t1"},
           {.out_dir = ".", .message = "p.p.12ab-cgu.0.rcgu.o: warning", .other = "o2"},
           {.out_dir = "o1", .message = "/tmp/p.p.12ab-cgu.0.rcgu.o: warning", .other = "o2"}}) {
    store_.manifests.clear();
    engine_.forget();
    const auto into = [](const std::string& out_dir) {
      TypedCommand out = library("/t1");
      out.args[8] = out_dir;
      return out;
    };
    const auto request = compile(into(naming.out_dir));
    Ran ran = this->ran("/t1");
    ran.dep_info->targets.clear();
    for (const char* name : {"/a.d", "/liba.rlib", "/liba.rmeta"}) {
      ran.dep_info->targets.push_back(naming.out_dir + name);
    }
    ran.seen = test::ObservationText();
    ran.seen.at(fs_.now_ns()).add('H', "/rust/bin/rustc").add('R', "/w/src/lib.rs");
    ran.seen.add('R', "/w/src/m.rs");
    ran.err = "nothing of interest\n";
    ASSERT_EQ(recorded(*request, ran), "");
    EXPECT_TRUE(hits(into(naming.other))) << naming.other;

    store_.manifests.clear();
    engine_.forget();
    ran.err += naming.message + '\n';
    ASSERT_EQ(recorded(*request, ran), "");
    EXPECT_TRUE(hits(into(naming.out_dir))) << naming.message;
    EXPECT_FALSE(hits(into(naming.other))) << naming.message;
  }
}

TEST_F(RustCompileTest, AMessageIsNoArtifactUnlessItWasAskedFor) {
  TypedCommand command = library("/t1");
  command.args[6] = "--json=future-incompat";
  const auto request = compile(command);
  ASSERT_EQ(recorded(*request, ran("/t1")), "");
  const auto again = compile(command);
  const auto answer = lookup(*again);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->hit.err, messages("/t1"));
  TypedCommand other = library("/t2");
  other.args[6] = "--json=future-incompat";
  EXPECT_FALSE(hits(other)) << "they name /t1";
}

// --- remapped paths

class RemappedRustTest : public RustEngineTest {
 protected:
  RemappedRustTest() {
    for (const char* checkout : {"/one", "/two"}) {
      fs_.make_directory(str_cat(checkout, "/.git"));
      fs_.write(str_cat(checkout, "/src/lib.rs"), "mod m;");
      fs_.write(str_cat(checkout, "/src/m.rs"), "fn m() {}");
    }
    fs_.tick();
  }
  static TypedCommand in(const std::string& checkout, const std::string& target = "/t1") {
    TypedCommand out = library(target);
    out.cwd = checkout;
    out.env.emplace_back("ZCCACHE_PATH_REMAP=auto");
    return out;
  }
};

TEST_F(RemappedRustTest, CheckoutsShareTheirResults) {
  const auto request = compile(in("/one"));
  EXPECT_THAT(request->make_plan().run.inject, ElementsAre("--remap-path-prefix=/one=."));
  wire::RunOrder beside;
  request->add_maps(beside);
  EXPECT_THAT(beside.inject, ElementsAre("--remap-path-prefix=/one=."));
  ASSERT_EQ(recorded(*request, ran("/t1", "/one")), "");
  EXPECT_TRUE(hits(in("/two", "/t2")));
  TypedCommand plain = in("/one");
  plain.env.pop_back();
  EXPECT_FALSE(hits(plain)) << "its outputs would hold other paths";
  fs_.write("/two/src/m.rs", "fn other() {}");
  EXPECT_FALSE(hits(in("/two")));
  EXPECT_TRUE(hits(in("/one")));
}

TEST_F(RemappedRustTest, WithoutItTheyDoNot) {
  TypedCommand one = in("/one");
  one.env.pop_back();
  TypedCommand two = in("/two");
  two.env.pop_back();
  const auto request = compile(one);
  ASSERT_EQ(recorded(*request, ran("/t1", "/one")), "");
  EXPECT_TRUE(hits(one));
  EXPECT_FALSE(hits(two));
}

TEST_F(RemappedRustTest, AMessageThatNamesTheCheckoutIsForNoOther) {
  const auto request = compile(in("/one"));
  Ran ran = this->ran("/t1", "/one");
  ran.err += "warning: in /one/src/lib.rs\n";
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_FALSE(hits(in("/two")));
  EXPECT_TRUE(hits(in("/one")));
}

TEST_F(RemappedRustTest, AnOutputThatNamesTheCheckoutAllTheSameIsForNoOther) {
  // Wherever it is, also across the parts in which files are read.
  constexpr std::size_t kPartBytes = std::size_t{1} << 20;
  for (const std::size_t at : {std::size_t{0}, kPartBytes - 4, kPartBytes - 2, kPartBytes - 1,
                               kPartBytes, 2 * kPartBytes - 1, 2 * kPartBytes + 7}) {
    for (const std::size_t which : {0U, 1U}) {
      store_.manifests.clear();
      engine_.forget();
      const auto request = compile(in("/one"));
      Ran ran = this->ran("/t1", "/one");
      ran.outputs[which] = std::string(at, 'x') + "/one";
      ASSERT_EQ(recorded(*request, ran), "");
      EXPECT_FALSE(hits(in("/two"))) << at;
      EXPECT_TRUE(hits(in("/one"))) << at;
    }
  }
}

TEST_F(RemappedRustTest, ASourceThatNamesTheCheckoutMayLeadThereFromAnywhere) {
  for (const char* checkout : {"/one", "/two"}) {
    fs_.write(str_cat(checkout, "/src/m.rs"), "include!(\"/one/src/x.rs\");");
    fs_.write(str_cat(checkout, "/src/x.rs"), "fn x() {}");
  }
  fs_.tick();
  const auto request = compile(in("/one"));
  Ran ran = this->ran("/t1", "/one");
  ran.dep_info->files.emplace_back("/one/src/x.rs");
  ran.seen.add('R', "/one/src/x.rs");
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_FALSE(hits(in("/two"))) << "it reads the file of /one, too";
  EXPECT_TRUE(hits(in("/one")));
}

TEST_F(RemappedRustTest, AnOutputThatNamesSomethingLikeItIsFine) {
  const auto request = compile(in("/one"));
  Ran ran = this->ran("/t1", "/one");
  ran.outputs[0] = "/on" + std::string(std::size_t{1} << 20, 'x') + "e/on";
  ASSERT_EQ(recorded(*request, ran), "");
  EXPECT_TRUE(hits(in("/two")));
}

TEST_F(RemappedRustTest, OutputsOfBuildScriptsAreFoundInTheOneOfTheRequest) {
  const auto of_registry = [](const std::string& target) {
    TypedCommand out = library(target).with("--cap-lints=allow");
    out.env = {"ZCCACHE_PATH_REMAP=auto", "OUT_DIR=" + target + "/out", "VERSION=1"};
    return out;
  };
  for (const char* target : {"/t1", "/t2"}) {
    fs_.write(str_cat(target, "/out/made.rs"), "made");
  }
  fs_.tick();
  const auto request = compile(of_registry("/t1"));
  EXPECT_THAT(request->make_plan().run.inject, ElementsAre("--remap-path-prefix=/t1/out=OUT_DIR"));
  Ran ran = this->ran("/t1");
  ran.dep_info->files.emplace_back("/t1/out/made.rs");
  ran.seen.add('R', "/t1/out/made.rs").add('E', "OUT_DIR");
  ASSERT_EQ(recorded(*request, ran), "");
  const auto again = compile(of_registry("/t2"));
  const auto answer = lookup(*again);
  ASSERT_TRUE(answer);
  EXPECT_THAT(answer->hit.files[2].bytes, HasSubstr(" /t2/out/made.rs\n"));
  fs_.write("/t2/out/made.rs", "other");
  EXPECT_FALSE(hits(of_registry("/t2")));
}

}  // namespace
}  // namespace zc::engine::rust
