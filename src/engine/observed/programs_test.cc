// Programs that a run started, and the crates and libraries that it found, as inputs.
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
  env_ = {"PATH=/first:/bin"};
  run().add('S', "/first/cc", ENOENT).add('S', "/bin/cc");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), ElementsAre("/first/cc/"));
  EXPECT_THAT(inputs(), ElementsAre("/bin/cc"));
}

TEST_F(ObservedInputsTest, ALookBehindTheProgramIsNotExplained) {
  given_program("/bin/cc", "cc");
  given_program("/third/cc", "cc");
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

// --- crates

class ObservedCratesTest : public ObservedInputsTest {
 protected:
  ObservedCratesTest() {
    for (const char* crate : {"/t/deps/liba.rlib", "/t/deps/liba.rmeta", "/t/deps/libm.so"}) {
      given_file(crate, test::harmless_object());
    }
    given_file("/t/deps/a.d", "");
    fs_.make_directory("/t/more");
    crate_directories_ = {{.path = "/t/deps", .holds_dependencies = true, .is_searched = false},
                          {.path = "/t/more", .holds_dependencies = true, .is_searched = false}};
    roots_ = {{.name = "deps", .directory = "/t/deps"}, {.name = "more", .directory = "/t/more"}};
  }
};

TEST_F(ObservedCratesTest, DirectoriesOfCratesAreListedWithoutAllNamesCounting) {
  run().add('T', "/t/deps").add('T', "/t/more");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:directory/@deps", "fact:directory/@more"));
  given_file("/t/deps/libother.rlib", "");
  EXPECT_TRUE(holds());
  fs_.remove("/t/more");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedCratesTest, WhereCratesAreLookedForByNameTheirNamesCount) {
  crate_directories_[1].is_searched = true;
  run().add('T', "/t/deps").add('T', "/t/more");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:directory/@deps", "fact:crates/@more"));
  given_file("/t/more/notes", "");
  EXPECT_TRUE(holds());
  given_file("/t/more/libother.rlib", "");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedCratesTest, ACrateThatComesDuringTheRunMayNotHaveBeenListed) {
  crate_directories_[1].is_searched = true;
  run().add('T', "/t/deps").add('T', "/t/more");
  given_file("/t/deps/libother.rlib", "");  // no program looks for one here
  given_file("/t/more/notes", "");
  EXPECT_EQ(learned(), "");
  given_file("/t/more/libother.rlib", "");
  EXPECT_EQ(learned(), "modified_input_file /t/more/libother.rlib");
}

TEST_F(ObservedCratesTest, ADirectoryThatIsNotThereMayNotCome) {
  fs_.remove("/t/more");
  run().add('T', "/t/more", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  fs_.make_directory("/t/more");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedCratesTest, OtherDirectoriesBelowAreListedWithTheirNames) {
  given_file("/t/deps/sub/a", "");
  run().add('T', "/t/deps/sub");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:names/@deps/sub"));
}

TEST_F(ObservedCratesTest, ALibraryIsMadeOfTheMetadataAlone) {
  run().add('S', "/t/deps/liba.rlib").add('S', "/t/deps/liba.rmeta").add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), AllOf(Contains("@deps/liba.rmeta"), Not(Contains("@deps/liba.rlib"))));
  given_file("/t/deps/liba.rlib", "new code");
  EXPECT_TRUE(holds());
  given_file("/t/deps/liba.rmeta", "new interface");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedCratesTest, ALinkReadsAllForms) {
  links_ = true;
  run().add('S', "/t/deps/liba.rlib").add('S', "/t/deps/liba.rmeta").add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsSupersetOf({"@deps/liba.rmeta", "@deps/liba.rlib"}));
}

TEST_F(ObservedCratesTest, WhatIsReadOrLoadedCountsInAnyForm) {
  for (const char* form : {"/t/deps/liba.rlib", "/t/deps/liba.rmeta"}) {
    run().add('S', form).add('R', form);
  }
  run().add('S', "/t/deps/libm.so").add('D', "/t/deps/libm.so");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsSupersetOf({"@deps/liba.rlib", "@deps/libm.so"}));
}

TEST_F(ObservedCratesTest, OnlyCratesOfTheseDirectoriesArePassedOver) {
  given_file("/t/other/liba.rlib", "");
  given_file("/t/deps/sub/liba.rlib", "");
  run().add('S', "/t/deps/a.d").add('S', "/t/other/liba.rlib").add('S', "/t/deps/sub/liba.rlib");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsSupersetOf({"@deps/a.d", "/t/other/liba.rlib", "@deps/sub/liba.rlib"}));
}

TEST_F(ObservedCratesTest, AFormThatIsMissingAndHasComeSinceIsNotLearned) {
  run().add('S', "/t/deps/libb.rlib", ENOENT);
  given_file("/t/deps/libb.rlib", "");
  EXPECT_EQ(learned(), "modified_input_file /t/deps/libb.rlib");
}

TEST_F(ObservedCratesTest, TheSameCrateMayComeFirstInAnotherDirectory) {
  run().add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(),
              UnorderedElementsAre("@more/liba.rlib/", "@more/liba.rmeta/", "@more/liba.so/"));
  given_file("/t/more/libb.rlib", "");
  EXPECT_TRUE(holds());
  given_file("/t/more/liba.rlib", "");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedCratesTest, AFormThatIsPreferredMayComeIntoItsDirectory) {
  fs_.remove("/t/deps/liba.rmeta");
  run().add('R', "/t/deps/liba.rlib");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsSupersetOf({"@deps/liba.rmeta/", "@deps/liba.so/"}));
  EXPECT_THAT(absences(), Not(Contains("@deps/liba.rlib/")));
  given_file("/t/deps/liba.rmeta", "");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedCratesTest, ALinkMayFindAnotherFormOfTheMetadata) {
  fs_.remove("/t/deps/liba.rlib");
  links_ = true;
  run().add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsSupersetOf({"@deps/liba.rlib/", "@deps/liba.so/"}));
}

TEST_F(ObservedCratesTest, AFormThatWasSeenIsNoAbsence) {
  links_ = true;
  run().add('S', "/t/deps/liba.rlib").add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), Not(Contains("@deps/liba.rlib/")));
  EXPECT_THAT(absences(), Contains("@deps/liba.so/"));
}

TEST_F(ObservedCratesTest, ACrateThatIsNamedIsLookedForNowhereElse) {
  named_ = {"/t/deps/liba.rmeta"};
  run().add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(ObservedCratesTest, CratesThatAreOnlyLookedAtHaveNoAbsences) {
  run().add('S', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(ObservedCratesTest, DirectoriesWithoutDependenciesHoldNoOther) {
  crate_directories_[1].holds_dependencies = false;
  run().add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(ObservedCratesTest, AnotherTargetDirectoryServesAsWell) {
  run().add('T', "/t/deps").add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  given_file("/u/deps/liba.rmeta", test::harmless_object());
  fs_.make_directory("/u/more");
  roots_ = {{.name = "deps", .directory = "/u/deps"}, {.name = "more", .directory = "/u/more"}};
  EXPECT_TRUE(holds());
  given_file("/u/more/liba.so", "");
  EXPECT_FALSE(holds());
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
