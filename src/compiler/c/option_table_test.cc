#include "compiler/c/option_table.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

namespace zc::compiler::c {
namespace {

Family family_of(const OptionRow& row) {
  return row.families == Families::kGccOnly ? Family::kGcc : Family::kClang;
}

TEST(OptionTable, IsSortedWithoutRepeats) {
  const auto rows = option_rows();
  EXPECT_EQ(std::ranges::adjacent_find(rows, std::ranges::greater_equal{}, &OptionRow::spelling),
            rows.end());
  for (const FeatureNames& names : {code_features(), machine_features()}) {
    for (const auto list : {names.plain, names.valued}) {
      EXPECT_EQ(std::ranges::adjacent_find(list, std::ranges::greater_equal{}), list.end());
    }
  }
}

TEST(OptionTable, EveryRowIsFoundAsItsAritySays) {
  for (const OptionRow& row : option_rows()) {
    const std::string spelling(row.spelling);
    const auto bare = find_option(family_of(row), spelling);
    const std::string joined_word = spelling + "~value";
    const auto joined = find_option(family_of(row), joined_word);
    const bool may_be_bare = row.arity != Arity::kJoined;
    ASSERT_EQ(bare && bare->spelling == row.spelling, may_be_bare) << spelling;
    if (may_be_bare) {
      EXPECT_EQ(bare->option_class, row.option_class) << spelling;
      EXPECT_EQ(bare->takes_next,
                row.arity == Arity::kSeparate || row.arity == Arity::kJoinedOrSeparate)
          << spelling;
    }
    const bool may_be_joined = row.arity == Arity::kJoined || row.arity == Arity::kRest ||
                               row.arity == Arity::kJoinedOrSeparate;
    ASSERT_EQ(joined && joined->spelling == row.spelling, may_be_joined) << spelling;
    if (may_be_joined) {
      EXPECT_EQ(joined->value, "~value") << spelling;
      EXPECT_FALSE(joined->takes_next) << spelling;
    }
  }
}

TEST(OptionTable, RowsOfOneFamilyAreUnknownToTheOther) {
  for (const OptionRow& row : option_rows()) {
    if (row.families == Families::kBoth || row.arity == Arity::kJoined) {
      continue;
    }
    const Family other = row.families == Families::kGccOnly ? Family::kClang : Family::kGcc;
    const auto found = find_option(other, row.spelling);
    EXPECT_FALSE(found && found->spelling == row.spelling) << row.spelling;
  }
}

TEST(OptionTable, EveryFeatureHasItsForms) {
  struct Kind {
    const char* letter;
    FeatureNames names;
  };
  for (const Kind& kind : {Kind{"-f", code_features()}, Kind{"-m", machine_features()}}) {
    for (const std::string_view name : kind.names.plain) {
      for (const char* no : {"", "no-"}) {
        const std::string word = std::string(kind.letter) + no + std::string(name);
        ASSERT_TRUE(find_option(Family::kGcc, word)) << word;
        EXPECT_FALSE(find_option(Family::kGcc, word)->takes_next) << word;
      }
    }
    for (const std::string_view name : kind.names.valued) {
      const std::string word = std::string(kind.letter) + std::string(name) + "=1";
      ASSERT_TRUE(find_option(Family::kClang, word)) << word;
    }
  }
}

// A feature must not give an option with effects of its own a second, harmless meaning.
TEST(OptionTable, FeaturesDoNotRepeatRows) {
  for (const std::string_view name : code_features().plain) {
    const std::string word = "-f" + std::string(name);
    EXPECT_FALSE(std::ranges::any_of(option_rows(), [&](const OptionRow& row) {
      return row.spelling == word;
    })) << word;
  }
}

TEST(OptionTable, WarningsAreKnownByTheirForm) {
  for (const char* word : {"-Wall", "-W", "-Wno-unused", "-Werror=shadow", "-Wframe-larger-than=9",
                           "-Wnot-invented-yet", "-Walloca", "-Wpedantic"}) {
    const auto found = find_option(Family::kGcc, word);
    ASSERT_TRUE(found) << word;
    EXPECT_EQ(found->option_class, OptionClass::kKey) << word;
  }
  EXPECT_EQ(find_option(Family::kGcc, "-Wa,-x")->option_class, OptionClass::kAssemblerWords);
  EXPECT_EQ(find_option(Family::kGcc, "-Wp,-x")->option_class, OptionClass::kPreprocessorWords);
  EXPECT_FALSE(find_option(Family::kGcc, "-Wq,x"));
}

TEST(OptionTable, TheLongestSpellingWins) {
  EXPECT_EQ(find_option(Family::kGcc, "-isystemx")->spelling, "-isystem");
  EXPECT_EQ(find_option(Family::kClang, "-isystem-afterx")->spelling, "-isystem-after");
  EXPECT_EQ(find_option(Family::kGcc, "-isystem-afterx")->spelling, "-isystem");
  EXPECT_EQ(find_option(Family::kClang, "-include-pch")->option_class, OptionClass::kWordForWord);
  EXPECT_EQ(find_option(Family::kClang, "-includepch")->spelling, "-include");
  EXPECT_EQ(find_option(Family::kGcc, "-iwithprefixbefore")->spelling, "-iwithprefixbefore");
  EXPECT_EQ(find_option(Family::kGcc, "-I-")->option_class, OptionClass::kWordForWord);
  EXPECT_EQ(find_option(Family::kGcc, "-I-x")->value, "-x");
  EXPECT_EQ(find_option(Family::kGcc, "-O")->value, "");
}

}  // namespace
}  // namespace zc::compiler::c
