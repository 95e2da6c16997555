// Programs that a run started, and the libraries that it found, as inputs.
#include <cerrno>

#include "engine/observed/inputs_fixture.h"

namespace zc::engine {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

// --- programs that are not observed, and start one that is

TEST_F(ObservedInputsTest, TheFirstProgramIsTheOneThatWasRun) {
  given_program("/w/static", "wrapper");
  tool_ = "/w/static";  // runs rustc, and nothing of it is known
  EXPECT_EQ(learned(), "not_observed /w/static");
}

TEST_F(ObservedInputsTest, AProgramMayBeRunBySymlinkOrFromTheCwd) {
  fs_.link("/usr/bin/rustc", kRustc);
  tool_ = "/usr/bin/rustc";
  EXPECT_EQ(learned(), "");
  fs_.link("/w/rustc", kRustc);
  tool_ = "./rustc";
  EXPECT_EQ(learned(), "");
}

TEST_F(ObservedInputsTest, OfAScriptTheInterpreterIsRun) {
  given_program("/real/dash", test::harmless_object());
  fs_.link("/bin/sh", "/real/dash");
  given_program("/w/inner", "#! /bin/sh -e\nexec rustc\n");
  given_program("/w/gen.sh", "#!/w/inner\n");
  run().add('P', "/w/gen.sh").by(kStranger).add('H', "/real/dash").add('R', "/w/gen.sh");
  EXPECT_EQ(learned(), "");
}

TEST_F(ObservedInputsTest, OfAScriptWhoseInterpreterWasNotSeenNothingIsKnown) {
  given_program("/w/gen.sh", "#!/w/static\n");
  run().add('P', "/w/gen.sh").by(kStranger).add('H', "/w/gen");
  EXPECT_EQ(learned(), "not_observed /w/gen.sh");
}

TEST_F(ObservedInputsTest, AScriptThatIsItsOwnInterpreterIsNoProgram) {
  given_program("/w/gen.sh", "#!/w/gen.sh\n");
  run().add('P', "/w/gen.sh").by(kStranger).add('H', "/w/gen");
  EXPECT_EQ(learned(), "not_observed /w/gen.sh");
}

TEST_F(ObservedInputsTest, ALinkerMayBeOneOfTheCompilersOwnTools) {
  const std::string tool = "/rust/lib/rustlib/here/bin/rust-lld";
  given_program(tool, test::harmless_object());
  run().add('X', "rust-lld").add('H', tool);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains(tool));
  given_program("/bin/rust-lld", "static");
  EXPECT_FALSE(holds());
  EXPECT_EQ(learned(), "not_observed rust-lld");
}

TEST_F(ObservedInputsTest, AToolBesideOtherLibrariesIsNotTheCompilers) {
  given_program("/elsewhere/bin/rust-lld", test::harmless_object());
  run().add('X', "rust-lld").add('H', "/elsewhere/bin/rust-lld");
  EXPECT_EQ(learned(), "not_observed rust-lld");
}

TEST_F(ObservedInputsTest, AProgramThatIsNotSeenMayStartOneThatIs) {
  given_program("/w/static", "generator");
  run().add('P', "/w/static").by(kStranger).add('H', "/w/gen");
  EXPECT_EQ(learned(), "not_observed /w/static");
}

TEST_F(ObservedInputsTest, TheSameHoldsForOneThatPathLeadsTo) {
  given_program("/bin/static", "generator");
  run().add('X', "static").add('H', "/w/gen");
  EXPECT_EQ(learned(), "not_observed static");
}

TEST_F(ObservedInputsTest, TheCacheItselfMayGoByTheNameOfALinker) {
  given_program("/opt/zccache", "client");
  fs_.link("/first/cc", "/opt/zccache");
  env_ = {"PATH=/first:/bin"};
  run().by(1).add('X', "cc").add('H', "/bin/ld");
  EXPECT_EQ(learned(), "");
}

// --- PATH

TEST_F(ObservedInputsTest, WhoLooksForProgramsDependsOnWherePathLeads) {
  given_program("/bin/cc", "cc");
  env_ = {"PATH=/first:/bin"};
  run().add('E', "PATH").add('X', "cc").add('H', "/bin/cc");
  run_linker().add('E', "PATH");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), UnorderedElementsAre("/bin/cc", "/bin/ld", "fact:which/cc"));
  env_ = {"PATH=/second:/bin:/third"};
  EXPECT_TRUE(holds()) << "its text does not count";
  given_program("/second/cc", "cc");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, AMacroAsksForThePathItself) {
  run_macro().add('E', "PATH");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:env/PATH"));
  env_ = {"PATH=/bin:/other"};
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, SoDoesAStranger) {
  begin_output();
  run_stranger().add('E', "PATH");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:env/PATH"));
}

TEST_F(ObservedInputsTest, WhenTheOutputHasBegunItIsTheCompilerThatLooksForItsLinker) {
  run_macro();
  begin_output().add('E', "PATH");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Not(Contains("fact:env/PATH")));
}

TEST_F(ObservedInputsTest, AProgramOfAnyNameMayComeFirst) {
  env_ = {"PATH=/first:/bin"};
  run().add('E', "PATH").add('X', "tool").add('Y', "tool", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), ElementsAre("fact:which/tool"));
  given_program("/bin/tool", "");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, AProgramInADirectoryOfPathThatIsNotAbsoluteMayComeFirst) {
  given_program("/bin/cc", "cc");
  for (const char* path : {"PATH=:/bin", "PATH=tools:/bin"}) {
    env_ = {path};
    run().by(1).add('X', "cc").add('H', "/bin/cc");
    EXPECT_EQ(learned(), "");
    EXPECT_TRUE(holds());
    given_program("/w/cc", "mine");
    given_program("/w/tools/cc", "mine");
    EXPECT_FALSE(holds()) << path;
    fs_.remove("/w/cc");
    fs_.remove("/w/tools");
  }
}

TEST_F(ObservedInputsTest, TheProgramItselfCountsWhereverItIsFound) {
  given_program("/real/cc", "cc");
  fs_.link("/bin/cc", "/real/cc");
  run().add('X', "cc").add('H', "/real/cc");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), UnorderedElementsAre("/real/cc", "/bin/cc", "fact:which/cc"));
  given_program("/real/other", "other");
  fs_.link("/bin/cc", "/real/other");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, AProgramMustBeOlderThanTheRun) {
  given_program("/bin/cc", "cc");
  run().add('X', "cc").add('H', "/bin/cc");
  given_program("/bin/cc", "other");
  fs_.tick();
  EXPECT_EQ(learned(), "modified_input_file /bin/cc");
}

TEST_F(ObservedInputsTest, LooksAlongPathAreExplainedByWhereItLeads) {
  given_program("/bin/cc", "cc");
  env_ = {"PATH=/first:/second:/bin"};
  run().add('E', "PATH").add('S', "/first/cc", ENOENT).add('S', "/second/cc", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
  EXPECT_THAT(inputs(), ElementsAre("fact:which/cc"));
  env_ = {"PATH=/bin:/first"};
  EXPECT_TRUE(holds());
  given_program("/first/cc", "");
  EXPECT_TRUE(holds()) << "it comes later now";
  env_ = {"PATH=/first:/bin"};
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, LooksInVainAreExplainedAsWell) {
  env_ = {"PATH=/first:/bin"};
  run().add('E', "PATH").add('S', "/first/lld", ENOENT).add('S', "/bin/lld", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), ElementsAre("fact:which/lld"));
}

TEST_F(ObservedInputsTest, NobodyLooksAlongPathWithoutAskingForIt) {
  given_program("/bin/cc", "cc");
  given_file("/first/other", "");
  env_ = {"PATH=/first:/bin"};
  run().add('S', "/first/cc", ENOENT).add('S', "/bin/cc");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), ElementsAre("/first/cc/"));
  EXPECT_THAT(inputs(), ElementsAre("/bin/cc"));
}

TEST_F(ObservedInputsTest, ALookBehindTheProgramIsNotExplained) {
  given_program("/bin/cc", "cc");
  given_program("/third/cc", "cc");
  given_file("/second/other", "");
  env_ = {"PATH=/bin:/second:/third"};
  run().add('E', "PATH").add('S', "/second/cc", ENOENT).add('S', "/third/cc");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), ElementsAre("/second/cc/"));
  EXPECT_THAT(inputs(), Contains("/third/cc"));
}

TEST_F(ObservedInputsTest, AFileThatIsNoProgramIsNotExplained) {
  given_file("/first/cc", "text");
  given_program("/bin/cc", "cc");
  env_ = {"PATH=/first:/bin"};
  run().add('E', "PATH").add('S', "/first/cc");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("/first/cc"));
}

TEST_F(ObservedInputsTest, WhatWasReadFromADirectoryOfPathIsAnInput) {
  given_program("/bin/cc", "#!/bin/sh");
  run().add('E', "PATH").add('S', "/bin/cc").add('R', "/bin/cc").add('T', "/bin");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), UnorderedElementsAre("/bin/cc", "fact:names//bin"));
}

TEST_F(ObservedInputsTest, AProgramOfPathThatIsStartedByItsPathIsAnInput) {
  given_program("/real/ld.bfd", test::harmless_object());
  given_program("/real/ld.gold", test::harmless_object());
  fs_.link("/bin/ld.it", "/real/ld.bfd");
  // As gcc does: it looks along PATH, and starts what it has found.
  run().add('P', "/bin/ld").by(kLinker).add('H', "/bin/ld").add('E', "PATH");
  run().add('S', "/bin/ld.it").add('X', "/bin/ld.it").add('H', "/real/ld.bfd");
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  fs_.link("/bin/ld.it", "/real/ld.gold");
  EXPECT_FALSE(holds()) << "another linker would run";
}

TEST_F(ObservedInputsTest, AProgramOfPathThatWasOnlyLookedAtIsAnInput) {
  given_program("/real/one", "same");
  given_program("/real/two", "same");
  fs_.link("/bin/tool", "/real/one");
  run().add('E', "PATH").add('S', "/bin/tool");
  EXPECT_EQ(learned(), "");
  fs_.link("/bin/tool", "/real/two");
  EXPECT_FALSE(holds()) << "its real path may have been asked for";
}

// --- libraries of programs

TEST_F(ObservedInputsTest, ALibraryMayComeFirstInTheLibraryPath) {
  given_file("/lib/libz.so.1", "");
  fs_.make_directory("/first");
  env_ = {"LD_LIBRARY_PATH=/first:/second:/lib:/third"};
  run_linker().add('L', "/lib/libz.so.1");
  run().by(1).add('L', "/rust/lib/librustc_driver.so");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(),
              IsSupersetOf({"/first/libz.so.1/", "/second/libz.so.1/", "/first/librustc_driver.so/",
                            "/third/librustc_driver.so/"}));
  EXPECT_THAT(absences(), Not(Contains("/third/libz.so.1/")));
  EXPECT_THAT(absences(), Not(Contains("/lib/libz.so.1/")));
  EXPECT_TRUE(holds());
  given_file("/first/libz.so.1", "");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, TheLoaderLooksIntoDirectoriesInsideFirst) {
  fs_.make_directory("/first");
  env_ = {"LD_LIBRARY_PATH=/first"};
  roots_ = {{.name = "deps", .directory = "/first"}};
  run();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), UnorderedElementsAre("@deps/glibc-hwcaps/", "@deps/haswell/",
                                               "@deps/tls/", "@deps/x86_64/"));
  fs_.make_directory("/first/glibc-hwcaps");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, ARootMayBeWhereTheLoaderLooksFirst) {
  env_ = {"LD_LIBRARY_PATH=/first"};
  roots_ = {{.name = "deps", .directory = "/first/glibc-hwcaps"}};
  run();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), Contains("/first/glibc-hwcaps/"));
  EXPECT_THAT(inputs(), Contains("fact:root/deps")) << "right for this directory alone";
  EXPECT_TRUE(holds());
  fs_.make_directory("/first/glibc-hwcaps");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, DirectoriesOfTheLibraryPathAreSpelledInManyWays) {
  given_file("/lib/libz.so.1", "");
  env_ = {"LD_LIBRARY_PATH=:tools;/lib/:/third"};
  run_linker().add('L', "/lib/libz.so.1");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsSupersetOf({"/w/libz.so.1/", "/w/tools/libz.so.1/"}));
  EXPECT_THAT(absences(), Not(Contains("/third/libz.so.1/")));
  EXPECT_TRUE(holds());
  given_file("/w/libz.so.1", "");
  EXPECT_FALSE(holds()) << "an empty directory is the cwd";
}

TEST_F(ObservedInputsTest, WithoutLibraryPathNothingIsAbsent) {
  given_file("/lib/libz.so.1", "");
  run_linker().add('L', "/lib/libz.so.1");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
  EXPECT_THAT(inputs(), Contains("/lib/libz.so.1"));
}

}  // namespace
}  // namespace zc::engine
