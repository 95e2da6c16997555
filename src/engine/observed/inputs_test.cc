// What a run looked at and asked, as inputs. Programs, PATH and libraries: see
// programs_test.cc; the compiler's own files: toolchain_inputs_test.cc.
#include "engine/observed/inputs.h"

#include <sys/stat.h>

#include <cerrno>

#include "engine/observed/inputs_fixture.h"

namespace zc::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::UnorderedElementsAre;

// --- what the run did

TEST_F(ObservedInputsTest, ARunOfTheToolchainAloneHasNoInputs) {
  run().add('L', "/rust/lib/librustc_driver.so");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsEmpty());
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(ObservedInputsTest, WhatCouldNotBeObservedIsNotLearned) {
  run().add('!', "ftw");
  EXPECT_EQ(learned(), "not_observed something that cannot be told: ftw");
}

TEST_F(ObservedInputsTest, WhatMakesSystemCallsIsNotLearned) {
  given_file("/w/libmacro.so", test::object_with_system_call());
  run_macro();
  EXPECT_THAT(learned(), testing::StartsWith("not_observed /w/libmacro.so"));
}

TEST_F(ObservedInputsTest, WhatIsLeftOrTakenIsASideEffect) {
  run().add('W', "/w/log");
  EXPECT_EQ(learned(), "side_effect /w/log");
}

TEST_F(ObservedInputsTest, WhatIsTakenIsASideEffect) {
  given_file("/w/stamp", "");
  run().add('U', "/w/stamp");
  EXPECT_EQ(learned(), "side_effect /w/stamp");
}

TEST_F(ObservedInputsTest, WritingToTheKernelLeavesNothing) {
  run().add('W', "/dev/null").add('W', "/proc/self/comm").add('W', "/dev/tty");
  EXPECT_EQ(learned(), "");
}

// --- the time and the machine

TEST_F(ObservedInputsTest, TheCompilerMayAskForTheTimeAndTheMachine) {
  run().add('C', "time").add('K', "uname");
  run_linker().add('C', "time").add('K', "gethostname");
  EXPECT_EQ(learned(), "");
}

TEST_F(ObservedInputsTest, AMacroMayNotAskForTheTime) {
  run_macro().add('C', "clock_gettime");
  EXPECT_EQ(learned(), "unrepeatable_input clock_gettime");
}

TEST_F(ObservedInputsTest, AMacroMayNotAskForTheMachine) {
  run_macro().add('K', "gethostname");
  EXPECT_EQ(learned(), "unrepeatable_input gethostname");
}

TEST_F(ObservedInputsTest, AMacroThatIsLoadedLaterHasNotAsked) {
  run().add('C', "time").add('K', "uname");
  run_macro();
  EXPECT_EQ(learned(), "");
}

TEST_F(ObservedInputsTest, MacrosHaveRunWhenTheOutputBegins) {
  run_macro();
  begin_output().add('C', "time").add('K', "uname");
  run_linker().add('C', "time");
  EXPECT_EQ(learned(), "");
}

TEST_F(ObservedInputsTest, StrangersMayAskForNeitherAtAnyTime) {
  begin_output();
  run_stranger().add('C', "time");
  EXPECT_EQ(learned(), "unrepeatable_input time");
}

TEST_F(ObservedInputsTest, NotForTheMachineEither) {
  begin_output();
  run_stranger().add('K', "uname");
  EXPECT_EQ(learned(), "unrepeatable_input uname");
}

TEST_F(ObservedInputsTest, ALinkerMayLookAtTheOutputThatItReplaces) {
  run_linker().add('R', kOutput);
  EXPECT_EQ(learned(), "");
}

TEST_F(ObservedInputsTest, AMacroMayNotReadTheOutputOfAnotherRun) {
  run_macro().add('R', kOutput);
  EXPECT_EQ(learned(), std::string("unrepeatable_input ") + kOutput);
}

TEST_F(ObservedInputsTest, NorMayASource) {
  run().add('R', kOutput);
  EXPECT_EQ(learned(), std::string("unrepeatable_input ") + kOutput);
}

TEST_F(ObservedInputsTest, AForkedProcessMayBeAStrangersChild) {
  begin_output();
  run_stranger();
  run().by(9).add('C', "time");
  EXPECT_EQ(learned(), "unrepeatable_input time");
}

TEST_F(ObservedInputsTest, AForkedProcessAmongCompilersAndLinkersIsTheirs) {
  env_ = {"A=1", "PATH=/bin"};
  run_linker();
  run().by(9).add('C', "time").add('E', "PATH").add('E', "A");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), UnorderedElementsAre("fact:path/A", "/bin/ld"));
}

TEST_F(ObservedInputsTest, VariablesOfAStrangersChildAreComparedByTheirText) {
  env_ = {"A=1", "PATH=/bin"};
  run_stranger();
  run().by(9).add('E', "PATH").add('E', "A");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), testing::IsSupersetOf({"fact:env/A", "fact:env/PATH"}));
}

// --- variables

TEST_F(ObservedInputsTest, AVariableOfTheCompilerIsComparedByThePlaceItLeadsTo) {
  env_ = {"DIR=/t1/x", "PATH=/bin"};
  roots_ = {{.name = "deps", .directory = "/t1"}};
  run().add('E', "DIR").add('E', "UNSET", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:path/DIR"));
  EXPECT_THAT(absences(), ElementsAre("fact:path/UNSET"));
  env_ = {"DIR=/t2/x"};
  EXPECT_FALSE(holds());
  roots_[0].directory = "/t2";
  EXPECT_TRUE(holds());
  env_.emplace_back("UNSET=");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, ByItsTextWhereSourcesMayAskUnseen) {
  env_ = {"DIR=/t1/x"};
  tracks_variables_ = false;
  run().add('E', "DIR");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:env/DIR"));
}

TEST_F(ObservedInputsTest, EvenThoseThatMostlyDoNotCountWhereASourceNamesOne) {
  tracks_variables_ = false;
  names_uncounted_ = true;
  run().add('E', "MAKEFLAGS", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), ElementsAre("fact:env/MAKEFLAGS"));
}

TEST_F(ObservedInputsTest, WhatLateCodeAsksForCountsThoughItIsTrackedOrMostlyOfNoMatter) {
  env_ = {"MAKEFLAGS=-j", "VERSION=1"};
  tracked_ = {"VERSION"};
  run().add('V', "MAKEFLAGS").add('V', "VERSION").add('V', "PATH", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), UnorderedElementsAre("fact:env/MAKEFLAGS", "fact:env/VERSION"));
  EXPECT_THAT(absences(), ElementsAre("fact:env/PATH"));
}

TEST_F(ObservedInputsTest, WhatAMacroMayHaveAskedForIsComparedByItsText) {
  env_ = {"DIR=/t1/x"};
  roots_ = {{.name = "deps", .directory = "/t1"}};
  run().add('E', "DIR");
  run_macro();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:env/DIR"));
  env_ = {"DIR=/t2/x"};
  roots_[0].directory = "/t2";
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, VariablesOfOthersAreComparedByTheirText) {
  env_ = {"A=1", "B=1"};
  run_linker().add('E', "A");
  run_stranger().add('E', "B").add('E', "C", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), testing::IsSupersetOf({"fact:env/A", "fact:env/B"}));
  EXPECT_THAT(absences(), ElementsAre("fact:env/C"));
  env_ = {"A=1", "B=2"};
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, SomeVariablesOfLinkersDoNotCount) {
  env_ = {"TMPDIR=/tmp"};
  for (const char* name : {"COLUMNS", "TEMP", "TERM", "TMP", "TMPDIR"}) {
    run_linker().add('E', name);
    run();  // each is another process of that number
  }
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("/bin/ld"));
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(ObservedInputsTest, TheyCountForAllOthers) {
  run().add('E', "TMPDIR", ENOENT);
  run_stranger().add('E', "TERM", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), UnorderedElementsAre("fact:path/TMPDIR", "fact:env/TERM"));
}

TEST_F(ObservedInputsTest, UncountedAndTrackedVariablesAreNoInputs) {
  env_ = {"MAKEFLAGS=-j", "VERSION=1"};
  tracked_ = {"VERSION"};
  run_macro().add('E', "MAKEFLAGS").add('E', "ZCCACHE_DEBUG", ENOENT).add('E', "VERSION");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("/w/libmacro.so"));
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(ObservedInputsTest, WhoCanReadTheWholeEnvironmentDependsOnAllOfIt) {
  given_file("/w/libmacro.so", test::object_with_environment());
  env_ = {"A=1", "MAKEFLAGS=-j1"};
  run_macro();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:environment/"));
  env_ = {"A=1", "MAKEFLAGS=-j2"};
  EXPECT_TRUE(holds());
  env_ = {"A=1", "B=2"};
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, CargoDependsOnAllThatItMayUse) {
  given_program("/rust/bin/cargo", test::object_with_environment());
  env_ = {"PATH=/bin", "A=1"};
  run().add('P', "/rust/bin/cargo").by(kStranger).add('H', "/rust/bin/cargo").add('C', "time");
  EXPECT_EQ(learned(), "");
  env_ = {"PATH=/bin", "A=1", "GITHUB_RUN_ID=7"};
  EXPECT_TRUE(holds());
  env_ = {"PATH=/bin", "A=2"};
  EXPECT_FALSE(holds());
  run().by(kStranger).add('C', "clock_gettime");
  EXPECT_EQ(learned(), "unrepeatable_input clock_gettime");
}

TEST_F(ObservedInputsTest, SoDoesWhoReadsItsFile) {
  run_stranger().add('R', "/proc/self/environ");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:environment/"));
}

// --- files

TEST_F(ObservedInputsTest, ANameThatIsMissingInManyDirectoriesIsOneInput) {
  for (int directory = 0; directory < 9; ++directory) {
    fs_.make_directory("/w/i" + std::to_string(directory));
    for (int name = 0; name < 9; ++name) {
      run().add('R', "/w/i" + std::to_string(directory) + "/h" + std::to_string(name), ENOENT);
    }
  }
  EXPECT_EQ(learned(), "");
  EXPECT_EQ(absences().size(), 81U);
  EXPECT_LE(store_.inputs.size(), 19U) << "a path for each directory, and names";
  EXPECT_TRUE(holds());
  fs_.write("/w/i7/h8", "one of the last");
  EXPECT_FALSE(holds());
}

// The names of the directory tell only of what is in none of its names.
TEST_F(ObservedInputsTest, AmongMissingNamesThoseThatAreThereNowAreSeen) {
  fs_.link("/w/inc/dangling", "/elsewhere");
  fs_.tick();
  for (const char* name : {"dangling", "a", "b", "c"}) {
    run().add('R', std::string("/w/inc/") + name, ENOENT);
  }
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:link//w/inc/dangling"));
  fs_.write("/elsewhere", "text");
  EXPECT_FALSE(holds());
  fs_.remove("/elsewhere");
  fs_.write("/w/inc/b", "came while it ran");
  EXPECT_EQ(learned(), "modified_input_file /w/inc/b");
}

// It leads nowhere, so that who reads through it finds nothing still.
TEST_F(ObservedInputsTest, WhatIsRemovedInVainMayComeAsASymlink) {
  run().add('U', "/w/old", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  fs_.link("/w/old", "/nowhere");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, WhatIsLookedAtInVainMayComeAsASymlink) {
  run().add('S', "/w/old", ENOENT).add('S', "/w/none/old", ENOENT).add('R', "/w/read", ENOENT);
  looks_at_links_ = true;
  EXPECT_EQ(learned(), "");
  fs_.link("/w/read", "/nowhere");
  EXPECT_TRUE(holds()) << "who reads a file follows the link";
  fs_.link("/w/old", "/nowhere");
  EXPECT_FALSE(holds());
  fs_.remove("/w/old");
  EXPECT_TRUE(holds());
  fs_.make_directory("/w/none");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, AFileThatWasReadIsAnInput) {
  given_file("/w/a.rs", "one");
  run().add('R', "/w/a.rs");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("/w/a.rs"));
  given_file("/w/a.rs", "two");
  EXPECT_FALSE(holds());
  given_file("/w/a.rs", "one");
  EXPECT_TRUE(holds());
  fs_.remove("/w/a.rs");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, SoIsOneThatWasOnlyLookedAt) {
  given_file("/w/a.rs", "one");
  run().add('S', "/w/a.rs");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("/w/a.rs"));
}

TEST_F(ObservedInputsTest, AFileInAPlaceIsFoundInThatOfTheRequest) {
  given_file("/t1/a", "one");
  given_file("/t2/a", "one");
  given_file("/t3/a", "two");
  roots_ = {{.name = "deps", .directory = "/t1"}};
  run().add('R', "/t1/a").add('R', "/t1/b", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("@deps/a"));
  EXPECT_THAT(absences(), ElementsAre("@deps/b/"));
  roots_[0].directory = "/t3";
  EXPECT_FALSE(holds());
  roots_[0].directory = "/t2";
  EXPECT_TRUE(holds());
  fs_.make_directory("/t2/b");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, NamesBelowAMissingDirectoryAreMissingWithIt) {
  given_file("/w/x", "");
  run().add('R', "/w/no/such/a.h", ENOENT).add('R', "/w/no/b.h", ENOENT).add('R', "/w/no/", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), ElementsAre("/w/no/"));
  EXPECT_TRUE(holds());
  fs_.make_directory("/w/no");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, WhatIsInTheSetAlreadyIsNotAddedAgain) {
  given_file("/w/a.rs", "one");
  recorded_ = {"/w/a.rs"};
  run().add('R', "/w/a.rs");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsEmpty());
}

TEST_F(ObservedInputsTest, WhatWasMissingMustStayAway) {
  run().add('R', "/w/clippy.toml", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), ElementsAre("/w/clippy.toml/"));
  given_file("/w/clippy.toml", "");
  EXPECT_FALSE(holds());
  fs_.remove("/w/clippy.toml");
  EXPECT_TRUE(holds());
  fs_.make_directory("/w/clippy.toml");
  EXPECT_FALSE(holds()) << "somebody may have looked for a directory";
}

// gcc passes over a directory of the search path that is missing, and fails where a step of the way
// to it is a file.
TEST_F(ObservedInputsTest, AFileInPlaceOfADirectoryIsAnInput) {
  given_file("/w/a", "a file");
  run().add('S', "/w/a/b/c", ENOTDIR);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("/w/a"));
  EXPECT_THAT(absences(), IsEmpty());
  fs_.remove("/w/a");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, SoIsASymlinkToOne) {
  given_file("/w/a", "a file");
  fs_.link("/w/link", "/w/a");
  run().add('S', "/w/link/b", ENOTDIR);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), UnorderedElementsAre("/w/link", "fact:link//w/link"));
}

TEST_F(ObservedInputsTest, NoFileMayComeInPlaceOfADirectoryWithAnAbsence) {
  fs_.make_directory("/w/top");
  fs_.make_directory("/w/top/include");
  run().add('S', "/w/top/include/here", ENOENT);
  EXPECT_EQ(learned(), "");
  fs_.remove("/w/top");
  EXPECT_TRUE(holds());
  fs_.write("/w/top", "a file");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, AnObstacleThatCameOrWentDuringTheRunIsNotLearned) {
  given_file("/w/a", "a file");
  run().add('S', "/w/a/b", ENOENT);
  EXPECT_EQ(learned(), "modified_input_file /w/a/b");
}

TEST_F(ObservedInputsTest, WhatWasRefusedIsNotLearned) {
  given_file("/w/secret", "");
  run().add('R', "/w/secret", EACCES);
  EXPECT_EQ(learned(), "unrepeatable_input /w/secret");
}

TEST_F(ObservedInputsTest, APipeIsNotLearned) {
  given_file("/w/pipe", "");
  fs_.set_mode("/w/pipe", S_IFIFO | 0600);
  run().add('R', "/w/pipe");
  EXPECT_EQ(learned(), "unrepeatable_input /w/pipe");
}

TEST_F(ObservedInputsTest, AFileThatIsNoSymlinkMayNotBecomeOne) {
  given_file("/w/a.rs", "same");
  given_file("/w/b.rs", "same");
  run().add('R', "/w/a.rs");
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  fs_.link("/w/a.rs", "/w/b.rs");
  EXPECT_FALSE(holds()) << "compilers show where it leads";
}

TEST_F(ObservedInputsTest, LinksOfTheKernelLeadElsewhereInEachProcess) {
  run().add('R', "/proc/self/cwd/a.rs", ENOENT);
  EXPECT_EQ(learned(), "unrepeatable_input /proc/self/cwd/a.rs");
}

// --- files that change

TEST_F(ObservedInputsTest, AFileMustBeOlderThanTheFirstLookAtIt) {
  given_file("/w/a.rs", "one");
  run().add('S', "/w/a.rs");
  given_file("/w/a.rs", "two");
  fs_.tick();
  run().add('R', "/w/a.rs");
  EXPECT_EQ(learned(), "modified_input_file /w/a.rs");
}

TEST_F(ObservedInputsTest, AChangeBeforeTheFirstLookIsFine) {
  given_file("/w/a.rs", "one");
  run();
  given_file("/w/a.rs", "two");
  fs_.tick();
  run().add('R', "/w/a.rs");
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
}

TEST_F(ObservedInputsTest, AProgramMustBeOlderThanTheRunSinceItIsToldLate) {
  fs_.link("/w/start", "/w/gen");
  run();
  given_file("/w/gen", test::harmless_object());
  fs_.tick();
  run().add('P', "/w/start").by(kStranger).add('H', "/w/gen");
  EXPECT_EQ(learned(), "modified_input_file /w/gen");
}

TEST_F(ObservedInputsTest, AChangeUnderTheOldTimeIsSeen) {
  given_file("/w/a.rs", "one");
  run().add('R', "/w/a.rs");
  fs_.write_keeping_mtime("/w/a.rs", "two");
  EXPECT_EQ(learned(), "modified_input_file /w/a.rs");
}

TEST_F(ObservedInputsTest, AFileThatWasThereAndIsGoneIsNotLearned) {
  for (const char* path : {"/w/read", "/w/looked_at", "/w/listed"}) {
    given_file(path, "");
  }
  run().add('R', "/w/read");
  fs_.remove("/w/read");
  EXPECT_EQ(learned(), "modified_input_file /w/read");
}

TEST_F(ObservedInputsTest, ADirectoryThatWasThereAndIsGoneIsNotLearned) {
  fs_.make_directory("/w/d");
  run().add('T', "/w/d").add('S', "/w/d");
  fs_.remove("/w/d");
  EXPECT_EQ(learned(), "modified_input_file /w/d");
}

TEST_F(ObservedInputsTest, WhatWasMissingAndHasComeIsNotLearned) {
  given_file("/old/a.rs", "one");
  run().add('R', "/w/a.rs", ENOENT);
  fs_.rename("/old/a.rs", "/w/a.rs");
  EXPECT_EQ(learned(), "modified_input_file /w/a.rs");
}

TEST_F(ObservedInputsTest, WhatCameAndWasReadIsNotLearned) {
  run().add('S', "/w/a.rs", ENOENT);
  given_file("/w/a.rs", "one");
  fs_.tick();
  run().add('R', "/w/a.rs");
  EXPECT_EQ(learned(), "modified_input_file /w/a.rs");
}

// --- closer looks

TEST_F(ObservedInputsTest, TheTimeAndModeOfAFileCountForForeignCodeAlone) {
  given_file("/w/a", "one");
  given_file("/w/b", "one");
  given_file("/w/c", "one");
  run().add('A', "/w/a").add('S', "/w/b");
  run_linker().add('S', "/w/b");
  run_stranger().add('S', "/w/c").add('Q', "/w/c");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), testing::IsSupersetOf(
                            {"fact:metadata//w/a", "fact:metadata//w/c", "fact:real//w/c"}));
  EXPECT_THAT(inputs(), Not(Contains("fact:metadata//w/b")));
  fs_.set_mode("/w/b", S_IFREG | 0600);
  EXPECT_TRUE(holds());
  fs_.set_mode("/w/a", S_IFREG | 0600);
  EXPECT_FALSE(holds());
  fs_.set_mode("/w/a", S_IFREG | 0644);
  EXPECT_TRUE(holds());
  given_file("/w/a", "one");
  EXPECT_FALSE(holds()) << "the same bytes, at another time";
}

TEST_F(ObservedInputsTest, OfADirectoryOnlyTheModeCounts) {
  fs_.make_directory("/w/d");
  run().add('A', "/w/d");
  given_file("/w/d/new", "");
  EXPECT_EQ(learned(), "");
  given_file("/w/d/newer", "");
  EXPECT_TRUE(holds());
  fs_.set_mode("/w/d", S_IFDIR | 0700);
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, ProgramsThatRecordDirectoriesAreToldTheirTimes) {
  fs_.make_directory("/w/d");
  run_archiver().add('S', "/w/d");
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  given_file("/w/d/new", "");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, OfADirectoryThatChangedMeanwhileTheyLearnNothing) {
  fs_.make_directory("/w/d");
  run_archiver().add('S', "/w/d");
  given_file("/w/d/new", "");
  EXPECT_EQ(learned(), "modified_input_file /w/d//");
}

TEST_F(ObservedInputsTest, AMetadataThatChangedDuringTheRunIsNotLearned) {
  given_file("/w/a", "one");
  run().add('A', "/w/a");
  given_file("/w/a", "one");
  EXPECT_EQ(learned(), "modified_input_file /w/a");
}

TEST_F(ObservedInputsTest, TheTimeOfAccessCountsForLateCodeAlone) {
  given_file("/w/a", "one");
  given_file("/w/b", "one");
  run().add('A', "/w/a");
  run_stranger().add('S', "/w/b");
  EXPECT_EQ(learned(), "");
  fs_.details_of("/w/b").read_ns = 7;
  EXPECT_TRUE(holds());
  fs_.details_of("/w/a").read_ns = 7;
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, AFileThatWasReadSinceTheRunBeganHadAnotherTimeOfAccess) {
  given_file("/w/a", "one");
  run().add('A', "/w/a");
  fs_.details_of("/w/a").read_ns = fs_.now_ns();
  EXPECT_EQ(learned(), "modified_input_file /w/a");
}

TEST_F(ObservedInputsTest, TheWayToADirectoryThatWasEnteredCounts) {
  given_file("/w/one/f", "1");
  given_file("/w/two/f", "2");
  fs_.link("/w/link", "/w/one");
  run().add('R', "/w/link").add('R', "/w/one/f").add('R', "/w/two");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:real//w/link"));
  EXPECT_THAT(inputs(), Not(Contains("fact:real//w/two"))) << "it is where it seems to be";
  fs_.link("/w/link", "/w/two");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, WhereAFileReallyIsCountsForWhoShowsIt) {
  given_file("/w/a.rs", "");
  run().add('S', "/w/a.rs").add('Q', "/w/a.rs");
  shows_real_paths_ = true;
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), UnorderedElementsAre("fact:real//w/a.rs", "/w/a.rs"));
}

TEST_F(ObservedInputsTest, AndForLateCode) {
  given_file("/x/one/a", "");
  given_file("/x/two/a", "");
  fs_.link("/w/d", "/x/one");
  run().add('B', "/w/d");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:real//w/d"));
  fs_.link("/w/d", "/x/two");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, AListingOfForeignCodeIsOfNamesAndKinds) {
  given_file("/w/d/a", "");
  run().add('F', "/w/d");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:listing//w/d"));
  fs_.remove("/w/d/a");
  EXPECT_FALSE(holds());
  fs_.make_directory("/w/d/a");
  EXPECT_FALSE(holds()) << "a directory of that name";
}

TEST_F(ObservedInputsTest, CloserLooksAtTheKernelAreLeftToItsRules) {
  run().add('A', "/dev/null").add('B', "/proc/self/exe");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsEmpty());
}

// --- symlinks

TEST_F(ObservedInputsTest, ASymlinkIsItsTextAndWhatItLeadsTo) {
  given_file("/x/one", "same");
  given_file("/x/two", "same");
  fs_.link("/w/link", "/x/one");
  run().add('R', "/w/link");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), UnorderedElementsAre("fact:link//w/link", "/w/link"));
  given_file("/x/one", "other");
  EXPECT_FALSE(holds());
  given_file("/x/one", "same");
  EXPECT_TRUE(holds());
  fs_.link("/w/link", "/x/two");
  EXPECT_FALSE(holds()) << "its text may have been read";
}

TEST_F(ObservedInputsTest, ASymlinkToADirectoryIsThatDirectory) {
  given_file("/x/d/a", "");
  fs_.link("/w/link", "/x/d");
  run().add('T', "/w/link");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), UnorderedElementsAre("fact:link//w/link", "fact:names//w/link"));
}

TEST_F(ObservedInputsTest, ADanglingSymlinkMustGoOnLeadingNowhere) {
  fs_.link("/w/link", "/x/a");
  run().add('R', "/w/link", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:link//w/link"));
  EXPECT_TRUE(holds());
  given_file("/x/a", "");
  EXPECT_FALSE(holds());
  fs_.remove("/x/a");
  EXPECT_TRUE(holds());
  fs_.make_directory("/x/a");
  EXPECT_FALSE(holds()) << "somebody may have looked for a directory";
}

TEST_F(ObservedInputsTest, ASymlinkThatHasLostWhatItLedToIsNotLearned) {
  given_file("/x/one", "");
  fs_.link("/w/link", "/x/one");
  run().add('R', "/w/link");
  fs_.remove("/x/one");
  EXPECT_EQ(learned(), "modified_input_file /w/link");
}

TEST_F(ObservedInputsTest, ASymlinkThatMayHaveLedSomewhereIsNotLearned) {
  fs_.link("/w/link", "/x/one");
  run().add('S', "/w/link");
  EXPECT_EQ(learned(), "modified_input_file /w/link")
      << "a look at the link and one at what it led to are told alike";
}

TEST_F(ObservedInputsTest, ASymlinkMustBeOlderThanTheFirstLookAtIt) {
  given_file("/x/one", "");
  given_file("/x/two", "");
  fs_.link("/w/link", "/x/one");
  run().add('R', "/w/link");
  fs_.link("/w/link", "/x/two");
  EXPECT_EQ(learned(), "modified_input_file /w/link");
}

TEST_F(ObservedInputsTest, ASymlinkThatCameLaterIsNotLearned) {
  given_file("/x/one", "");
  run().add('R', "/w/link", ENOENT);
  fs_.link("/w/link", "/x/one");
  EXPECT_EQ(learned(), "modified_input_file /w/link");
}

TEST_F(ObservedInputsTest, ASymlinkThatLedNowhereAndLeadsSomewhereNowIsNotLearned) {
  given_file("/x/one", "");
  fs_.link("/w/link", "/y/one");
  run().add('R', "/w/link", ENOENT);
  fs_.tick(-2'500'000'000);  // what is below a directory that is renamed keeps its times
  fs_.rename("/x/one", "/y/one");
  fs_.tick(2'500'000'000);
  EXPECT_EQ(learned(), "modified_input_file /w/link");
}

// --- directories

TEST_F(ObservedInputsTest, ADirectoryThatWasLookedAtMustBeOne) {
  given_file("/w/d/a", "");
  run().add('S', "/w/d");
  given_file("/w/d/b", "");
  EXPECT_EQ(learned(), "") << "what is in it does not count";
  EXPECT_THAT(inputs(), ElementsAre("fact:directory//w/d"));
  given_file("/w/d/c", "");
  EXPECT_TRUE(holds());
  fs_.remove("/w/d");
  EXPECT_FALSE(holds());
  given_file("/w/d", "");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, OfADirectoryThatWasListedTheNamesCount) {
  given_file("/w/d/a", "");
  run().add('T', "/w/d");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:names//w/d"));
  given_file("/w/d/a", "other");
  EXPECT_TRUE(holds());
  given_file("/w/d/b", "");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, ADirectoryMustBeOlderThanTheFirstLookAtItsNames) {
  fs_.make_directory("/w/d");
  run().add('T', "/w/d");
  given_file("/w/d/a", "");
  EXPECT_EQ(learned(), "modified_input_file /w/d");
}

TEST_F(ObservedInputsTest, APlaceMayBeAFile) {
  given_file("/t/out", "one");
  roots_ = {{.name = "out", .directory = "/t/out"}};
  run().add('R', "/t/out");
  EXPECT_EQ(learned(), "");
  given_file("/t/out", "two");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, ADirectoryThatIsAPlaceAndMissingMustStayAway) {
  roots_ = {{.name = "out", .directory = "/t/out"}};
  run().add('S', "/t/out", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  fs_.make_directory("/t/out");
  EXPECT_FALSE(holds());
}

// --- memory that is shared

TEST_F(ObservedInputsTest, SharedMemoryIsNotOfTheKernel) {
  given_file("/dev/shm/w/a.rs", "");
  run().add('R', "/dev/shm/w/a.rs").add('R', "/dev/shm/w/b.rs", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("/dev/shm/w/a.rs"));
  EXPECT_THAT(absences(), ElementsAre("/dev/shm/w/b.rs/"));
}

TEST_F(ObservedInputsTest, WhatIsLeftInSharedMemoryIsASideEffect) {
  run().add('W', "/dev/shm/w/log");
  EXPECT_EQ(learned(), "side_effect /dev/shm/w/log");
}

TEST_F(ObservedInputsTest, DirectoriesWithSuchNamesElsewhereAreNotOfTheKernel) {
  given_file("/w/dev/null", "");
  given_file("/process/x", "");
  run().add('R', "/w/dev/null").add('R', "/process/x");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("/w/dev/null", "/process/x"));
}

}  // namespace
}  // namespace zc::engine
