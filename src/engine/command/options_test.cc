#include "engine/command/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::engine::command {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string error_of(const std::vector<std::string_view>& words) {
  const Result<Options> options = parse_options(words);
  return options ? "none" : options.error().message;
}

TEST(Options, ValuesComeBehindTheirNameOrAnEqualsSign) {
  const Result<Options> options = parse_options({"--input-file",
                                                 "a",
                                                 "--input-file=b=c",
                                                 "--input-file-list",
                                                 "l",
                                                 "--input-env",
                                                 "V",
                                                 "--input-extra=",
                                                 "--output-file",
                                                 "o",
                                                 "--depfile",
                                                 "d",
                                                 "--include-scan",
                                                 "s",
                                                 "--iquote-dir",
                                                 "q",
                                                 "--include-dir",
                                                 "i",
                                                 "--system-include",
                                                 "y",
                                                 "--key-args-filter",
                                                 "-j"});
  ASSERT_TRUE(options);
  EXPECT_THAT(options->input_files, ElementsAre("a", "b=c"));
  EXPECT_THAT(options->input_lists, ElementsAre("l"));
  EXPECT_THAT(options->input_variables, ElementsAre("V"));
  EXPECT_THAT(options->extras, ElementsAre(""));
  EXPECT_THAT(options->output_files, ElementsAre("o"));
  EXPECT_THAT(options->depfiles, ElementsAre("d"));
  EXPECT_THAT(options->scanned_files, ElementsAre("s"));
  EXPECT_THAT(options->quote_directories, ElementsAre("q"));
  EXPECT_THAT(options->include_directories, ElementsAre("i"));
  EXPECT_THAT(options->system_directories, ElementsAre("y"));
  ASSERT_EQ(options->key_filters.size(), 1U);
  EXPECT_TRUE(options->key_filters[0]->is_in("x-j4"));
  EXPECT_FALSE(options->key_filters[0]->is_in("-x"));
}

TEST(Options, WithoutAnyACommandIsCachedAndReplaysItsStreams) {
  const Result<Options> options = parse_options({});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->replays_out);
  EXPECT_TRUE(options->replays_err);
  EXPECT_FALSE(options->is_uncached);
  EXPECT_TRUE(options->is_deterministic);
  EXPECT_TRUE(options->keeps_cwd);
}

TEST(Options, SwitchesTakeTrueAndFalse) {
  const Result<Options> off =
      parse_options({"--output-stdout=false", "--output-stderr=false", "--no-cache",
                     "--non-deterministic", "--no-cwd-in-key"});
  ASSERT_TRUE(off);
  EXPECT_FALSE(off->replays_out);
  EXPECT_FALSE(off->replays_err);
  EXPECT_TRUE(off->is_uncached);
  EXPECT_FALSE(off->is_deterministic);
  EXPECT_FALSE(off->keeps_cwd);
  const Result<Options> on =
      parse_options({"--output-stdout=true", "--no-cache=false", "--non-deterministic=false"});
  ASSERT_TRUE(on);
  EXPECT_TRUE(on->replays_out);
  EXPECT_FALSE(on->is_uncached);
  EXPECT_TRUE(on->is_deterministic);
  EXPECT_THAT(error_of({"--no-cache=yes"}), HasSubstr("true or false"));
}

TEST(Options, AHashHas64Digits) {
  const std::string digits(64, 'a');
  const Result<Options> options = parse_options({"--tool-hash", digits});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->tool_hash, digits);
  EXPECT_NE(error_of({"--tool-hash", digits.substr(1)}), "none");
  EXPECT_NE(error_of({"--tool-hash", std::string(64, 'g')}), "none");
}

TEST(Options, WhatTheClientHasReadIsPassedOver) {
  EXPECT_EQ(error_of({"--endpoint", "/s", "--endpoint=/s", "--input-file-stdin"}), "none");
  EXPECT_THAT(error_of({"--endpoint"}), HasSubstr("--endpoint needs a value"));
}

TEST(Options, MistakesAreNamed) {
  EXPECT_THAT(error_of({"--input-file"}), HasSubstr("--input-file needs a value"));
  EXPECT_THAT(error_of({"--input-files", "a"}), HasSubstr("--input-files"));
  EXPECT_THAT(error_of({"a"}), HasSubstr("unknown option a"));
  EXPECT_NE(error_of({"--key-args-filter", "("}), "none");
}

}  // namespace
}  // namespace zc::engine::command
