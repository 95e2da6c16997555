#include "cli/unknown_word.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.h"

namespace zc::cli {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

TEST(UnknownWord, IsTakenForTheCommandThatItComesNextTo) {
  for (const auto& [typed, meant] : {std::pair{"statsu", "status"},
                                     {"stats", "status"},
                                     {"strat", "start"},
                                     {"stpo", "stop"},
                                     {"cleer", "clear"},
                                     {"rnu", "run"},
                                     {"crashs", "crashes"}}) {
    const Advice missing = advise_on_missing(typed);
    EXPECT_EQ(missing.exit_code, kNotThere);
    EXPECT_THAT(missing.text, AllOf(HasSubstr(std::string("cannot find ") + typed),
                                    EndsWith(std::string("mean: zccache ") + meant)));
    const Advice unknown = advise_on(typed);
    EXPECT_EQ(unknown.exit_code, kUsageError);
    EXPECT_THAT(unknown.text, EndsWith(std::string("mean: zccache ") + meant));
  }
}

TEST(UnknownWord, ASettingIsTakenForTheOneThatItComesNextTo) {
  EXPECT_THAT(advise_on_missing("recahce=1").text, EndsWith("did you mean the setting recache?"));
  EXPECT_THAT(advise_on_missing("base_dir=/").text,
              AllOf(HasSubstr("no setting 'base_dir'"), EndsWith("zccache config")));
}

// A program that is not installed must not be taken for a mistake.
TEST(UnknownWord, IsTakenForNothingElse) {
  for (const char* typed : {"", "g", "cc", "gcc", "ruby", "rustc", "clang", "make", "xstartup"}) {
    const Advice advice = advise_on_missing(typed);
    EXPECT_EQ(advice.exit_code, kNotThere) << typed;
    EXPECT_THAT(advice.text, Not(HasSubstr("did you mean"))) << typed;
  }
}

TEST(UnknownWord, OptionsOfOtherCachesSayWhatToType) {
  for (const auto& [typed, advised] : {std::pair{"-M", "zccache config set max_size 20G"},
                                       {"--max-size=5G", "zccache config set max_size 20G"},
                                       {"-k", "zccache config get KEY"},
                                       {"--set-config=x=y", "zccache config set KEY VALUE"},
                                       {"-M5G", "zccache config set max_size 20G"},
                                       {"-omax_size=5G", "zccache config set KEY VALUE"},
                                       {"-F", "zccache config set max_size 20G"},
                                       {"-d", "ZCCACHE_CACHE_DIR"},
                                       {"--show-compression", "zccache cache size"},
                                       {"--print-stats", "zccache status --json"},
                                       {"--dist-status", "zccache status"},
                                       {"--cleanup", "zccache clear"}}) {
    const Advice advice = advise_on(typed);
    EXPECT_EQ(advice.exit_code, kUsageError) << typed;
    EXPECT_THAT(advice.text, HasSubstr(advised)) << typed;
  }
}

TEST(UnknownWord, AnOptionOfACompilerGoesBehindItsName) {
  for (const char* typed : {"-c", "-O2", "--foo"}) {
    const Advice advice = advise_on(typed);
    EXPECT_EQ(advice.exit_code, kUsageError) << typed;
    EXPECT_THAT(advice.text, AllOf(HasSubstr(typed), HasSubstr("zccache gcc -c a.c"))) << typed;
  }
}

}  // namespace
}  // namespace zc::cli
