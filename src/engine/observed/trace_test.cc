#include "engine/observed/trace.h"

#include <cerrno>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "support/mem_file_system.h"
#include "support/observation_text.h"

namespace zc::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::string_view kOutput = "/o/liba.rlib";
constexpr std::string_view kState = "/o/state";

class Own final : public OwnPaths {
 public:
  Kind kind_of(std::string_view path) const override {
    return path.starts_with(kState) ? Kind::kState : path == kOutput ? Kind::kOutput : Kind::kOther;
  }
};

class TraceTest : public testing::Test {
 protected:
  // All of these begin with a rustc that is process 1.
  TraceTest() { seen_.add('H', "/bin/rustc"); }

  const Trace& trace() {
    std::optional<Trace> read = read_trace(seen_.text(), own_, fs_);
    EXPECT_TRUE(read);
    trace_ = read ? *std::move(read) : Trace();
    return trace_;
  }
  // Paths that were seen, with a letter for each way in which they were; without rustc itself.
  std::vector<std::string> accesses() {
    std::vector<std::string> out;
    for (const PathAccess& seen : trace().accesses) {
      if (seen.path != "/bin/rustc") {
        out.push_back(str_cat(seen.path, ' ', seen.opened ? "o" : "", seen.looked_at ? "s" : "",
                              seen.listed ? "l" : "", seen.missing ? "m" : "",
                              seen.tried ? "t" : "", seen.refused ? "r" : ""));
      }
    }
    return out;
  }
  std::vector<std::string_view> left() const {
    std::vector<std::string_view> out;
    std::ranges::transform(trace_.left, std::back_inserter(out), &LeftPath::path);
    return out;
  }
  // Each query: its program, what it is about, whether it came before the output.
  static std::vector<std::string> told(const std::vector<Query>& queries) {
    std::vector<std::string> out;
    for (const Query& query : queries) {
      out.push_back(
          str_cat(query.program, ' ', query.about, query.before_output ? " before" : " after"));
    }
    return out;
  }

  test::MemFileSystem fs_;
  Own own_;
  test::ObservationText seen_;
  Trace trace_;
};

// --- in which way paths are written

class WrittenTest : public TraceTest {
 protected:
  using Before = LeftPath::Before;
  static constexpr int kInto = 0;
  static constexpr int kNewOnly = ENOENT;
  static constexpr int kReplaced = EEXIST;
  static constexpr int kMode = EACCES;
  static constexpr int kAttributes = EPERM;
  static constexpr int kRandomName = EINTR;

  // Of the only path that is left.
  const LeftPath& only() {
    EXPECT_EQ(trace().left.size(), 1U);
    return trace_.left.at(0);
  }
};

TEST_F(WrittenTest, WhatIsEmptiedMayHaveHeldAnything) {
  seen_.add('U', "/t/a").add('W', "/t/a");
  EXPECT_EQ(only().before, Before::kAny);
  EXPECT_TRUE(trace_.left[0].was_there);
  EXPECT_FALSE(trace_.left[0].is_new_file);
}

TEST_F(WrittenTest, WhatIsWrittenIntoIsStillInThere) {
  seen_.add('U', "/t/a").add('W', "/t/a").add('I', "/t/a", kInto);
  EXPECT_EQ(only().before, Before::kContent);
}

TEST_F(WrittenTest, WhatTheRunHasEmptiedItMayWriteInto) {
  seen_.add('W', "/t/a").add('U', "/t/a").add('W', "/t/a").add('I', "/t/a", kInto);
  EXPECT_EQ(only().before, Before::kAny);
}

TEST_F(WrittenTest, WhatIsMadeOnlyIfNothingIsThereNeedsThat) {
  seen_.add('W', "/t/a").add('I', "/t/a", kNewOnly);
  EXPECT_EQ(only().before, Before::kNothing);
  EXPECT_TRUE(trace_.left[0].is_new_file);
}

TEST_F(WrittenTest, WhatTheRunHasRemovedFirstWasAFile) {
  seen_.add('U', "/t/a").add('S', "/t/x").add('W', "/t/a").add('I', "/t/a", kNewOnly);
  EXPECT_EQ(only().before, Before::kFile);
  EXPECT_TRUE(trace_.left[0].was_there);
  EXPECT_TRUE(trace_.left[0].is_new_file);
}

TEST_F(WrittenTest, AFileThatIsRenamedOverIsANewOne) {
  seen_.add('W', "/t/n").add('U', "/t/n").add('U', "/t/a").add('W', "/t/a");
  seen_.add('I', "/t/a", kReplaced);
  EXPECT_EQ(only().before, Before::kAny);
  EXPECT_TRUE(trace_.left[0].is_new_file);
}

TEST_F(WrittenTest, AnOldFileThatIsRenamedBringsItsContent) {
  for (const int way : {kReplaced, kNewOnly}) {
    test::ObservationText seen;
    seen.add('H', "/bin/rustc").add('U', "/t/old").add('W', "/t/a").add('I', "/t/a", way);
    const auto trace = read_trace(seen.text(), own_, fs_);
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->left.at(0).before, Before::kContent) << way;
  }
}

TEST_F(WrittenTest, TheContentOfAnOldFileGoesFromNameToName) {
  seen_.add('U', "/t/a").add('W', "/t/t").add('I', "/t/t", kNewOnly);
  seen_.add('U', "/t/b").add('W', "/t/a").add('I', "/t/a", kNewOnly);
  seen_.add('U', "/t/t").add('W', "/t/b").add('I', "/t/b", kNewOnly);
  trace();
  EXPECT_THAT(left(), UnorderedElementsAre("/t/a", "/t/b"));
  for (const LeftPath& each : trace_.left) {
    EXPECT_EQ(each.before, Before::kContent) << each.path;
  }
}

TEST_F(WrittenTest, TheModeOfAnOldFileIsNotKnown) {
  seen_.add('U', "/t/a").add('W', "/t/a").add('I', "/t/a", kMode);
  EXPECT_EQ(only().before, Before::kContent) << "of one that is not written";
}

TEST_F(WrittenTest, AModeThatIsChangedAfterwardsMayBeThatOfAnOldFile) {
  seen_.add('W', "/t/a").add('S', "/t/x").add('U', "/t/a").add('W', "/t/a");
  seen_.add('I', "/t/a", kMode);
  EXPECT_EQ(only().before, Before::kNothing);
}

TEST_F(WrittenTest, AModeThatIsChangedOfANewFileIsThatOne) {
  seen_.add('W', "/t/a").add('I', "/t/a", kNewOnly).add('S', "/t/x").add('U', "/t/a");
  seen_.add('W', "/t/a").add('I', "/t/a", kMode);
  EXPECT_EQ(only().before, Before::kNothing) << "as before the change";
}

TEST_F(WrittenTest, AttributesGoAlongWithARename) {
  seen_.add('W', "/t/n").add('U', "/t/n").add('W', "/t/n").add('I', "/t/n", kAttributes);
  seen_.add('S', "/t/x").add('U', "/t/n").add('W', "/t/a").add('I', "/t/a", kReplaced);
  EXPECT_TRUE(only().has_attributes);
}

TEST_F(WrittenTest, WithoutAttributesARenameGivesNone) {
  seen_.add('W', "/t/n").add('U', "/t/n").add('W', "/t/a").add('I', "/t/a", kReplaced);
  EXPECT_FALSE(only().has_attributes);
}

TEST_F(WrittenTest, ANameOfTheCLibraryIsRandom) {
  seen_.add('W', "/t/a").add('I', "/t/a", kRandomName);
  EXPECT_TRUE(only().has_random_name);
}

TEST_F(WrittenTest, AWayOfWhatTheRunHasNotMadeIsNothing) {
  seen_.add('I', "/t/a", kInto);
  EXPECT_THAT(trace().left, IsEmpty());
}

// --- what is looked at

TEST_F(TraceTest, ASightingTellsHowAPathWasSeen) {
  seen_.add('R', "/opened")
      .add('S', "/looked_at")
      .add('T', "/listed")
      .add('R', "/missing", ENOENT)
      .add('S', "/below/a/file", ENOTDIR)
      .add('R', "/refused", EACCES)
      .add('S', "/no_link", EINVAL)
      .add('W', "/there", EEXIST)
      .add('M', "/there/too", EEXIST);
  EXPECT_THAT(accesses(),
              ElementsAre("/opened o", "/looked_at s", "/listed l", "/missing m", "/below/a/file m",
                          "/refused r", "/no_link s", "/there s", "/there/too s"));
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_EQ(trace_.rejection, "");
}

TEST_F(TraceTest, AllLooksAtAPathAreOneSightingOfItsFirstTime) {
  constexpr std::int64_t kMillisecondNs = 1'000'000;
  seen_.at(5 * kMillisecondNs)
      .add('R', "/a", ENOENT)
      .at(7 * kMillisecondNs)
      .by(2)
      .add('S', "/a")
      .add('T', "/a")
      .at(6 * kMillisecondNs)
      .add('R', "/a")
      .add('R', "/b");
  EXPECT_THAT(accesses(), ElementsAre("/a oslm", "/b o"));
  EXPECT_EQ(trace_.accesses.at(1).seen_ns, 5 * kMillisecondNs);
  EXPECT_EQ(trace_.accesses.at(2).seen_ns, 6 * kMillisecondNs);
}

TEST_F(TraceTest, DotsAndDoubledSlashesMakeNoOtherPath) {
  seen_.add('R', "/w/./a").add('S', "/w//a").add('R', "/w/b", ENOENT).add('W', "/t/./b");
  seen_.add('R', "/t//b");
  EXPECT_THAT(accesses(), ElementsAre("/w/a os", "/w/b m"));
  EXPECT_THAT(left(), ElementsAre("/t/b"));
}

TEST_F(TraceTest, WhatIsGoneAtTheEndWasThereForAWhile) {
  seen_.add('W', "/t/a.s").add('W', "/t/b.s").add('U', "/t/a.s").add('W', "/t/c.s", EACCES);
  EXPECT_THAT(trace().passing, ElementsAre("/t/a.s"));
  EXPECT_THAT(left(), ElementsAre("/t/b.s"));
}

TEST_F(TraceTest, TwoDotsStandSinceSymlinksMayLieBefore) {
  seen_.add('R', "/w/link/../a").add('R', "/w/a");
  EXPECT_THAT(accesses(), ElementsAre("/w/link/../a o", "/w/a o"));
}

TEST_F(TraceTest, ALookAtAnOpenFileIsOneByItsPath) {
  seen_.add('O', "/a").add('S', "/b", ENOENT).add('O', "/c").by(2).add('Z', "/c");
  std::vector<std::string> asked;
  for (const MetadataQuery& look : trace().metadata_queries) {
    EXPECT_TRUE(look.query.by_late_code);
    asked.emplace_back(look.query.about);
  }
  EXPECT_THAT(asked, ElementsAre("/a", "/c"));
}

TEST_F(TraceTest, WhoReadsAWholeFileWantsNoMoreThanItsSize) {
  seen_.add('O', "/a").add('Z', "/a").add('Z', "/a");
  EXPECT_THAT(trace().metadata_queries, IsEmpty());
}

TEST_F(TraceTest, AnotherQuestionInBetweenIsAnotherQuestion) {
  seen_.add('O', "/a").add('O', "/b").add('Z', "/a").add('Z', "/b");
  EXPECT_EQ(trace().metadata_queries.size(), 1U) << "the one about /a";
}

TEST_F(TraceTest, AnOutputThatIsReadBeforeThereCanBeOneIsOfAnotherRun) {
  seen_.add('S', kOutput);
  EXPECT_THAT(trace().old_outputs, IsEmpty());
  seen_.add('R', kOutput, ENOENT).add('R', kOutput).add('W', kOutput).add('R', kOutput);
  const std::string before = str_cat("0 ", kOutput, " before");
  EXPECT_THAT(told(trace().old_outputs), ElementsAre(before, before));
  EXPECT_THAT(accesses(), IsEmpty());
}

TEST_F(TraceTest, LateCodeThatLooksAtAnOutputSeesThatOfAnotherRun) {
  seen_.add('A', kOutput, ENOENT);
  EXPECT_THAT(trace().old_outputs, IsEmpty());
  seen_.add('A', kOutput).add('W', kOutput).add('A', kOutput);
  EXPECT_THAT(told(trace().old_outputs), ElementsAre(str_cat("0 ", kOutput, " before")));
  EXPECT_THAT(trace_.metadata_queries, IsEmpty());
}

TEST_F(TraceTest, CloserLooksTellWhoLookedAtWhat) {
  seen_.add('A', "/a").add('B', "/./b").add('F', "/c").add('A', "/none", ENOENT);
  seen_.add('S', "/d").add('Q', "/d").add('T', "/e").add('R', "/f");
  std::vector<std::string> told;
  for (const MetadataQuery& look : trace().metadata_queries) {
    told.push_back(str_cat("mrl"[static_cast<int>(look.at)], ' ', look.query.about,
                           look.query.by_late_code ? " late" : ""));
  }
  EXPECT_THAT(told, ElementsAre("m /a late", "r /b late", "l /c late", "m /d", "r /d", "l /e"));
  EXPECT_THAT(accesses(), ElementsAre("/d s", "/e l", "/f o"));
}

TEST_F(TraceTest, OutputsAndStateAreNeitherSeenNorLeftNorTaken) {
  seen_.add('S', kOutput, ENOENT)
      .add('W', kOutput)
      .add('R', kOutput)
      .add('U', kOutput)
      .add('W', kOutput)
      .add('M', kState)
      .add('R', "/o/state/old")
      .add('T', kState)
      .add('W', "/o/state/new")
      .add('U', "/o/state/old");
  EXPECT_THAT(accesses(), IsEmpty());
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_THAT(trace_.taken, IsEmpty());
}

// --- what is made and removed

TEST_F(TraceTest, WhatTheRunMadeIsNoInputButIsLeft) {
  seen_.add('W', "/t/a").add('R', "/t/a").add('S', "/t/a").add('R', "/t/b");
  EXPECT_THAT(accesses(), ElementsAre("/t/b o"));
  EXPECT_THAT(left(), ElementsAre("/t/a"));
}

TEST_F(TraceTest, WhatWasSeenBeforeItWasMadeCounts) {
  seen_.add('S', "/t/a", ENOENT).add('R', "/t/b").add('W', "/t/a").add('W', "/t/b");
  EXPECT_THAT(accesses(), ElementsAre("/t/a m", "/t/b o"));
  EXPECT_THAT(left(), ElementsAre("/t/a", "/t/b"));
}

TEST_F(TraceTest, WhatCouldNotBeMadeWasLookedAt) {
  seen_.add('W', "/t/a", EACCES).add('R', "/t/a").add('M', "/t/b", ENOENT);
  EXPECT_THAT(accesses(), ElementsAre("/t/a or", "/t/b m"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(TraceTest, ADirectoryThatWasMadeCoversAllBelow) {
  seen_.add('M', "/t/x")
      .add('W', "/t/x/a")
      .add('R', "/t/x/a")
      .add('T', "/t/x")
      .add('R', "/t/x/in/vain", ENOENT)
      .add('R', "/t/xy");
  EXPECT_THAT(accesses(), ElementsAre("/t/xy o"));
  EXPECT_THAT(left(), ElementsAre("/t/x", "/t/x/a"));
}

TEST_F(TraceTest, AFileThatWasMadeCoversNothingBelow) {
  seen_.add('W', "/t/x").add('R', "/t/x/a");
  EXPECT_THAT(accesses(), ElementsAre("/t/x/a o"));
}

TEST_F(TraceTest, APathThatClimbsOutOfADirectoryIsNotBelowIt) {
  seen_.add('M', "/t/x").add('R', "/t/x/../secret").add('R', "/t/x/y/..").add('R', "/t/x/..a");
  EXPECT_THAT(accesses(), ElementsAre("/t/x/../secret o", "/t/x/y/.. o"));
}

TEST_F(TraceTest, WhatIsRemovedAgainIsNotLeft) {
  seen_.add('M', "/t/x").add('W', "/t/x/a").add('U', "/t/x/a").add('U', "/t/x");
  trace();
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_THAT(trace_.taken, IsEmpty());
}

TEST_F(TraceTest, WhatIsMadeAgainIsLeft) {
  seen_.add('W', "/t/a").add('U', "/t/a").add('W', "/t/a").add('R', "/t/a");
  EXPECT_THAT(accesses(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("/t/a"));
  EXPECT_THAT(trace_.taken, IsEmpty());
}

TEST_F(TraceTest, ADirectoryThatIsFoundTwoWaysIsOne) {
  fs_.make_directory("/private/tmp/x");
  fs_.link("/tmp", "/private/tmp");
  // The second one is gone by now, as directories for temporary files are.
  seen_.add('M', "/tmp/x").add('W', "/tmp/x/a").add('M', "/tmp/y").add('W', "/tmp/b");
  seen_.add('R', "/private/tmp/x/a").add('R', "/private/tmp/y/c").add('R', "/private/tmp/b");
  seen_.add('R', "/private/tmp/other");
  EXPECT_THAT(accesses(), ElementsAre("/private/tmp/other o"));
  EXPECT_THAT(left(), UnorderedElementsAre("/tmp/x", "/tmp/x/a", "/tmp/y", "/tmp/b"))
      << "each once, as it was spelled";
}

TEST_F(TraceTest, RemovalByTheOtherPathCounts) {
  fs_.make_directory("/private/tmp");
  fs_.link("/tmp", "/private/tmp");
  seen_.add('W', "/tmp/a").add('U', "/private/tmp/a");
  trace();
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_THAT(trace_.taken, IsEmpty());
}

TEST_F(TraceTest, ARenameMovesWhatTheRunMade) {
  seen_.add('W', "/t/a").add('U', "/t/a").add('W', "/t/b").add('R', "/t/b");
  EXPECT_THAT(accesses(), IsEmpty());
  EXPECT_THAT(left(), ElementsAre("/t/b"));
  EXPECT_THAT(trace_.taken, IsEmpty());
}

TEST_F(TraceTest, ARenameOntoTheOutputLeavesNothing) {
  seen_.add('W', "/o/temporary").add('U', "/o/temporary").add('W', kOutput);
  trace();
  EXPECT_THAT(left(), IsEmpty());
  EXPECT_THAT(trace_.taken, IsEmpty());
}

TEST_F(TraceTest, WhatWasThereBeforeAndIsRenamedIsTaken) {
  seen_.add('U', "/w/a").add('W', kOutput).add('U', "/w/b");
  EXPECT_THAT(trace().taken, ElementsAre("/w/a", "/w/b"));
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(TraceTest, ARenameThatFailsIsALook) {
  seen_.add('U', "/w/a", ENOENT).add('W', "/w/b", ENOENT);
  EXPECT_THAT(accesses(), ElementsAre("/w/a m", "/w/b m"));
  EXPECT_THAT(trace_.taken, IsEmpty());
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(TraceTest, RemovingWhatIsMissingTakesNothing) {
  seen_.add('U', "/w/a", ENOENT).add('U', "/w/b", EACCES);
  EXPECT_THAT(accesses(), ElementsAre("/w/a m", "/w/b r"));
  EXPECT_THAT(trace_.taken, IsEmpty());
}

// --- programs

TEST_F(TraceTest, ProgramsHaveTheirObjects) {
  seen_.add('L', "/lib/libc.so")
      .add('P', "/bin/cc")
      .by(2)
      .add('H', "/bin/cc")
      .add('L', "/lib/libc.so")
      .add('L', "/lib/liblto.so")
      .by(1)
      .add('L', "/w/libmacro.so");
  const Trace& trace = this->trace();
  ASSERT_EQ(trace.programs.size(), 2U);
  EXPECT_EQ(trace.programs[0].path, "/bin/rustc");
  EXPECT_THAT(trace.programs[0].objects, ElementsAre("/lib/libc.so", "/w/libmacro.so"));
  EXPECT_EQ(trace.programs[1].path, "/bin/cc");
  EXPECT_THAT(trace.programs[1].objects, ElementsAre("/lib/libc.so", "/lib/liblto.so"));
  EXPECT_EQ(trace.rejection, "");
  EXPECT_THAT(accesses(),
              ElementsAre("/lib/libc.so o", "/bin/cc ot", "/lib/liblto.so o", "/w/libmacro.so o"));
}

TEST_F(TraceTest, AProcessThatBecomesAnotherProgramAsksAsThatOne) {
  seen_.add('E', "A").add('X', "/real/rustc").add('H', "/real/rustc").add('E', "B");
  seen_.add('L', "/real/lib.so");
  EXPECT_THAT(told(trace().variables), ElementsAre("0 A before", "1 B before"));
  ASSERT_EQ(trace_.programs.size(), 2U);
  EXPECT_THAT(trace_.programs[0].objects, IsEmpty());
  EXPECT_THAT(trace_.programs[1].objects, ElementsAre("/real/lib.so"));
  EXPECT_EQ(trace_.rejection, "");
}

TEST_F(TraceTest, AnObjectThatTheRunMadeIsNoInput) {
  seen_.add('W', "/t/plugin.so").add('D', "/t/plugin.so").add('L', "/t/plugin.so");
  EXPECT_THAT(accesses(), IsEmpty());
  EXPECT_THAT(trace_.programs.at(0).objects, ElementsAre("/t/plugin.so"));
}

TEST_F(TraceTest, NamesOfProgramsArePathsOfNoFile) {
  seen_.add('X', "cc").add('H', "/bin/gcc");
  EXPECT_THAT(accesses(), ElementsAre("/bin/gcc o"));
  EXPECT_THAT(trace_.names, ElementsAre("cc"));
}

TEST_F(TraceTest, AStartThatFailedHasNoProgram) {
  seen_.add('X', "/first/cc")
      .add('Y', "/first/cc", ENOENT)
      .add('X', "/bin/cc")
      .add('H', "/bin/cc")
      .by(2)
      .add('X', "ld")
      .add('Y', "ld", ENOENT);
  EXPECT_THAT(accesses(), ElementsAre("/first/cc t", "/bin/cc ot"));
  EXPECT_THAT(trace_.names, ElementsAre("ld"));
  EXPECT_EQ(trace_.rejection, "");
}

TEST_F(TraceTest, WhatWasStartedIsToldAsItWasNamed) {
  seen_.add('P', "/bin/sh").by(2).add('H', "/bin/dash").add('X', "/no/cc");
  seen_.add('Y', "/no/cc", ENOENT).add('X', "cc").add('H', "/bin/gcc");
  EXPECT_THAT(trace().started, ElementsAre("/bin/sh", "cc"));
  EXPECT_EQ(trace_.rejection, "");
}

TEST_F(TraceTest, PosixSpawnTellsOfItsFailureAlone) {
  seen_.add('Y', "/first/cc", ENOENT).add('Y', "cc", ENOENT);
  EXPECT_THAT(accesses(), ElementsAre("/first/cc t"));
  EXPECT_THAT(trace_.names, ElementsAre("cc"));
  EXPECT_EQ(trace_.rejection, "");
}

TEST_F(TraceTest, TheFailureOfOneProcessIsNotThatOfAnother) {
  seen_.add('X', "/bin/cc").by(2).add('Y', "/bin/cc", EACCES);
  EXPECT_EQ(trace().rejection, "a program that was not observed");
}

TEST_F(TraceTest, AStartThatTheObserverDidNotFollowIsADoubt) {
  for (const char kind : {'P', 'X'}) {
    test::ObservationText seen;
    seen.add('H', "/bin/rustc").add(kind, "/bin/static");
    const auto trace = read_trace(seen.text(), own_, fs_);
    ASSERT_TRUE(trace);
    EXPECT_EQ(trace->rejection, "a program that was not observed") << kind;
  }
}

TEST_F(TraceTest, AProgramThatNobodyStartedIsADoubt) {
  seen_.by(2).add('H', "/bin/cc");
  EXPECT_EQ(trace().rejection, "a program that was not observed");
}

TEST_F(TraceTest, ARunWithoutAnyProgramIsADoubt) {
  const auto nothing = read_trace("", own_, fs_);
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->rejection, "it could not be observed");
  test::ObservationText only_object;
  only_object.add('L', "/lib/libc.so");
  const auto object = read_trace(only_object.text(), own_, fs_);
  ASSERT_TRUE(object);
  EXPECT_NE(object->rejection, "");
}

// --- queries

TEST_F(TraceTest, WhatCannotBeToldIsADoubt) {
  seen_.add('!', "ftw").add('N', "inet");
  EXPECT_EQ(trace().rejection, "something that cannot be told: ftw") << "the first one stands";
}

TEST_F(TraceTest, AnEmptyReasonIsADoubtAsWell) {
  seen_.add('!', "");
  EXPECT_NE(trace().rejection, "");
}

TEST_F(TraceTest, AConnectionIsADoubt) {
  seen_.add('N', "unix");
  EXPECT_EQ(trace().rejection, "a connection: unix");
}

TEST_F(TraceTest, QuestionsTellWhetherTheOutputHadBegun) {
  seen_.add('E', "A")
      .add('W', "/t/something")
      .add('W', "/o/state/session")
      .add('W', kOutput, EACCES)
      .add('E', "B")
      .add('C', "time")
      .add('K', "uname")
      .add('W', kOutput)
      .add('E', "C", ENOENT)
      .add('C', "time")
      .add('K', "uname");
  EXPECT_THAT(told(trace().variables), ElementsAre("0 A before", "0 B before", "0 C after"));
  EXPECT_FALSE(trace_.variables.at(0).by_late_code);
  EXPECT_THAT(told(trace_.times), ElementsAre("0 time before", "0 time after"));
  EXPECT_THAT(told(trace_.machine), ElementsAre("0 uname before", "0 uname after"));
}

TEST_F(TraceTest, VariablesOfLateCodeAreToldAsSuch) {
  seen_.add('V', "A");
  EXPECT_THAT(told(trace().variables), ElementsAre("0 A before"));
  EXPECT_TRUE(trace_.variables.at(0).by_late_code);
}

TEST_F(TraceTest, EachLookAtTheStateExplainsOneQuestionForTheTime) {
  for (const char kind : std::string_view("RWMUST")) {
    test::ObservationText seen;
    seen.add('H', "/bin/rustc").add(kind, "/o/state/s").add('C', "time").add('C', "again");
    const auto trace = read_trace(seen.text(), own_, fs_);
    ASSERT_TRUE(trace);
    EXPECT_THAT(told(trace->times), ElementsAre("0 again before")) << kind;
  }
}

TEST_F(TraceTest, TheStateExplainsTheTimeForNobodyElse) {
  seen_.add('P', "/bin/sh").by(2).add('H', "/bin/sh").by(1).add('M', kState);
  seen_.by(2).add('C', "time").by(1).add('R', "/w/a").add('C', "later");
  EXPECT_THAT(told(trace().times), ElementsAre("1 time before", "0 later before"));
}

TEST_F(TraceTest, TheStateExplainsNoOtherQuestion) {
  seen_.add('M', kState).add('K', "gethostname").add('M', kState).add('E', "A");
  EXPECT_THAT(told(trace().machine), ElementsAre("0 gethostname before"));
  EXPECT_THAT(told(trace_.variables), ElementsAre("0 A before"));
}

TEST_F(TraceTest, ALibraryThatIsToBeLoadedIsTriedByItsPath) {
  seen_.add('D', "/w/libmacro.so").add('D', "libz.so.1").add('L', "/lib/libz.so.1");
  EXPECT_THAT(accesses(), ElementsAre("/w/libmacro.so t", "/lib/libz.so.1 o"));
  EXPECT_THAT(trace_.names, IsEmpty()) << "PATH has no say";
  EXPECT_EQ(trace_.rejection, "");
}

TEST_F(TraceTest, ALibraryThatWasLookedForByNameInVainIsADoubt) {
  seen_.add('L', "/lib/libz.so.1").add('D', "libz.so.1").add('D', "libz.so");
  EXPECT_EQ(trace().rejection, "a library that was not found: libz.so");
}

TEST_F(TraceTest, MoldMayLookForOpenMpInVain) {
  seen_.add('P', "/bin/mold").by(2).add('H', "/bin/mold").add('D', "libiomp5.so");
  EXPECT_EQ(trace().rejection, "");
  seen_.by(1).add('D', "libiomp5.so");
  EXPECT_EQ(trace().rejection, "a library that was not found: libiomp5.so") << "of another program";
}

TEST_F(TraceTest, WhoForksAsksAsNobodyInParticular) {
  seen_.add('P', "/bin/sh").by(2).add('H', "/bin/sh").add('E', "A").by(3).add('E', "B");
  seen_.add('C', "time").by(1).add('E', "C");
  const Trace& trace = this->trace();
  ASSERT_EQ(trace.variables.size(), 3U);
  EXPECT_FALSE(trace.variables[0].is_forked);
  EXPECT_TRUE(trace.variables[1].is_forked);
  EXPECT_FALSE(trace.variables[2].is_forked);
  ASSERT_EQ(trace.times.size(), 1U);
  EXPECT_TRUE(trace.times[0].is_forked);
}

TEST_F(TraceTest, ProgramsAndObjectsAreToldWhenTheyHaveLongBeenOpened) {
  seen_.add('L', "/lib/libc.so").add('D', "/w/libmacro.so").add('L', "/w/libmacro.so");
  seen_.add('P', "/bin/sh").by(2).add('H', "/bin/dash").add('R', "/w/a");
  std::vector<std::string> late;
  for (const PathAccess& seen : trace().accesses) {
    if (seen.reported_late) {
      late.emplace_back(seen.path);
    }
  }
  EXPECT_THAT(late, ElementsAre("/bin/rustc", "/lib/libc.so", "/bin/dash"));
}

TEST_F(TraceTest, WhatIsOpenedToBeRemovedIsToldFromWhatIsRead) {
  seen_.add('R', "/removed")
      .add('U', "/removed")
      .add('R', "/read")
      .add('S', "/x")
      .add('U', "/read");
  std::vector<std::string> removed;
  for (const PathAccess& seen : trace().accesses) {
    if (seen.opens == seen.opens_to_remove && seen.opens > 0) {
      removed.emplace_back(seen.path);
    }
  }
  EXPECT_THAT(removed, ElementsAre("/removed"));
}

// --- what is no observation

TEST_F(TraceTest, APathThatWasSpelledRelativeKeepsTheMarkOfThat) {
  const std::string text =
      seen_.add('R', "/w/./a//b/./c").add('R', "/w/a/b/c").add('R', "/v/./d").text();
  const auto trace = read_trace(text, own_, fs_, "/w/./");
  ASSERT_TRUE(trace);
  std::vector<std::string_view> paths;
  for (const PathAccess& seen : trace->accesses) {
    paths.push_back(seen.path);
  }
  EXPECT_THAT(paths, ElementsAre("/bin/rustc", "/w/./a/b/c", "/w/a/b/c", "/v/d"));
}

TEST_F(TraceTest, DamagedTextIsNone) {
  const std::string good = seen_.add('R', "/w/a").text();
  ASSERT_TRUE(read_trace(good, own_, fs_));
  for (const std::string& text :
       {good.substr(0, good.size() - 1), good + "x", good + good.substr(1),
        good + std::string("z1 0 0 /a\0", 10), good + std::string("R1 0 0 a\0", 9)}) {
    EXPECT_FALSE(read_trace(text, own_, fs_)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace zc::engine
