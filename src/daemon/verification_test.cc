#include "daemon/verification.h"

#include "daemon/verification_fixture.h"

namespace zc::daemon {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class VerificationTest : public VerificationFixture {
 protected:
  std::optional<Effects> effects_of(const RunBeside& run) {
    std::vector<os::Fd> fds;
    const wire::RunReport report = report_of(run, fds);
    return Verification(compile_, hit_).of_run(report, fds);
  }
  std::vector<std::string> differences(const RunBeside& run) {
    const Verification verification(compile_, hit_);
    const std::optional<Effects> hit = verification.of_hit();
    const std::optional<Effects> fresh = effects_of(run);
    if (!hit || !fresh) {
      return {"no evidence"};
    }
    const std::vector<std::string> out = verification.differences(*hit, *fresh);
    EXPECT_EQ(out.empty(), *hit == *fresh);
    return out;
  }

  CompileOfAnObject compile_{fs_, request_};
};

TEST_F(VerificationTest, TheOrderIsThePlainCommandAndNamesAllOutputs) {
  const Verification verification(compile_, hit_);
  const wire::RunOrder& order = verification.order();
  EXPECT_TRUE(order.verifies);
  EXPECT_FALSE(order.observe);
  EXPECT_THAT(order.inject, IsEmpty());
  EXPECT_THAT(order.outputs, ElementsAre("a.o", "a.d", "a.dwo"));
}

TEST_F(VerificationTest, TheOrderHasTheMapsThatTheHitWasMadeWith) {
  compile_.maps = {"-fmacro-prefix-map=/w=."};
  const Verification verification(compile_, hit_);
  EXPECT_THAT(verification.order().inject, ElementsAre("-fmacro-prefix-map=/w=."));
}

TEST_F(VerificationTest, WhatIsTheSameHasNoDifference) {
  EXPECT_THAT(differences({}), IsEmpty());
}

TEST_F(VerificationTest, EachThingThatMayDifferDoes) {
  EXPECT_THAT(differences({.out = ""}), ElementsAre("standard output: other bytes"));
  EXPECT_THAT(differences({.err = "warning\n"}), ElementsAre("standard error: other bytes"));
  EXPECT_THAT(differences({.files = {"objecT", "a.o: a.c\n"}}), ElementsAre("a.o: other bytes"));
  EXPECT_THAT(differences({.files = {"object", "a.o: a.c b.h\n"}}),
              ElementsAre("a.d: other bytes"));
  EXPECT_THAT(differences({.files = {"object", ""}}),
              ElementsAre("a.d: not written by the compiler"));
  EXPECT_THAT(differences({.files = {"object", "a.o: a.c\n", "dwo"}}),
              ElementsAre("a.dwo: written by the compiler only"));
  EXPECT_THAT(differences({.mode = 0755}), ElementsAre("a.o: another mode"))
      << "the depfile keeps the mode of an old one";
  EXPECT_THAT(differences({.exit_code = 1, .err = "warning"}),
              ElementsAre("exit code: 0, the compiler's is 1", "a.o: not written by the compiler",
                          "a.d: not written by the compiler"));
}

TEST_F(VerificationTest, AnExecutableIsComparedWithAnExecutable) {
  hit_.hit.files[0].executable = true;
  EXPECT_THAT(differences({.mode = 0755}), IsEmpty());
  EXPECT_THAT(differences({.mode = 0644}), ElementsAre("a.o: another mode"));
}

TEST_F(VerificationTest, AModeThatIsTheSameWhateverWasThereIsCompared) {
  hit_.hit.files[0].old_file = wire::OldFile::kEither;
  EXPECT_THAT(differences({.mode = 0755}), IsEmpty());
  hit_.hit.files[0].mode = 0644;
  EXPECT_THAT(differences({.mode = 0755}), ElementsAre("a.o: another mode"));
}

// Neither the hit nor the run has to do with what an earlier command left.
TEST_F(VerificationTest, AnOutputThatTheRunLeavesAloneIsNone) {
  std::vector<os::Fd> fds;
  const RunBeside run = {.files = {"object", "a.o: a.c\n", "of before"}};
  const wire::RunReport report = report_of(run, fds);
  compile_.products[1].before = os::stat_fd(fds[2].get()).value_or(os::FileStamp{});
  const Verification verification(compile_, hit_);
  EXPECT_EQ(verification.of_run(report, fds), verification.of_hit());
}

TEST_F(VerificationTest, ARunThatFailedForAnotherReasonThanItsSourceIsNoEvidence) {
  EXPECT_FALSE(effects_of({.signalled = true}));
  EXPECT_FALSE(effects_of({.streams_too_large = true}));
  EXPECT_FALSE(effects_of({.exit_code = 101}));
  EXPECT_FALSE(effects_of(
      {.exit_code = 1, .err = "gcc: fatal error: Killed signal terminated program cc1"}));
  EXPECT_FALSE(effects_of({.exit_code = 1, .err = "a.s: No space left on device"}));
  EXPECT_TRUE(effects_of({.exit_code = 1, .err = "a.c:1:1: error: unknown type name 'x'"}));
}

TEST_F(VerificationTest, ARunThatCannotWriteIsNoEvidence) {
  const RunBeside failure = {.exit_code = 1, .err = "error"};
  EXPECT_TRUE(effects_of(failure));
  hit_.hit.files[0].path = "missing/a.o";
  EXPECT_FALSE(effects_of(failure));
}

TEST_F(VerificationTest, AReportThatDoesNotFitTheOrderIsNoEvidence) {
  std::vector<os::Fd> fds;
  const RunBeside run;
  wire::RunReport report = report_of(run, fds);
  const Verification verification(compile_, hit_);
  fds.pop_back();
  EXPECT_FALSE(verification.of_run(report, fds));
  report.present.pop_back();
  EXPECT_FALSE(verification.of_run(report, fds));
}

TEST_F(VerificationTest, AHitOfWhichAPartIsMissingHasNoEffects) {
  hit_.fds.clear();
  EXPECT_FALSE(Verification(compile_, hit_).of_hit());
  hit_.fds.push_back(file_of("obj"));
  EXPECT_FALSE(Verification(compile_, hit_).of_hit());
}

}  // namespace
}  // namespace zc::daemon
