#include "cli/usage_parts.h"

#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/command.h"
#include "cli/usage.h"

namespace zc::cli {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(UsageParts, AreSynopsesProseAndOptions) {
  const Usage usage = read_usage(
      "usage: zccache thing make|break [--all] FILE\n"
      "       zccache thing list\n"
      "Does this\n"
      "and that.\n"
      "  -a, --all      everything,\n"
      "                 and more\n"
      "  --into DIR     there\n"
      "  --show[=full]  so\n"
      "In the end.\n");
  EXPECT_THAT(usage.synopses,
              ElementsAre("zccache thing make|break [--all] FILE", "zccache thing list"));
  EXPECT_THAT(usage.words(), ElementsAre("make", "break", "list"));
  ASSERT_EQ(usage.parts.size(), 5U);
  EXPECT_EQ(usage.parts[0].text, "Does this and that.");
  EXPECT_EQ(usage.parts[1].text, "everything, and more");
  EXPECT_EQ(usage.parts[4].text, "In the end.");
  const std::vector<Option> options = usage.options();
  ASSERT_EQ(options.size(), 4U);
  EXPECT_EQ(options[0].name, "-a");
  EXPECT_EQ(options[1].name, "--all");
  EXPECT_EQ(options[1].argument, "");
  EXPECT_EQ(options[2].name, "--into");
  EXPECT_EQ(options[2].argument, "DIR");
  EXPECT_EQ(options[3].name, "--show");
  EXPECT_EQ(options[3].argument, "[=full]");
  EXPECT_FALSE(usage.runs_command());
}

TEST(UsageParts, SayWhichCommandsRunAnother) {
  for (const Command& command : commands()) {
    const bool is_for = command.name == "wrap" || command.name == "exec" || command.name == "run";
    // `explain` runs none, but takes the words of one.
    const bool expected = is_for || command.name == "explain";
    EXPECT_EQ(read_usage(command.usage).runs_command(), expected) << command.name;
    EXPECT_EQ(read_usage(command.usage).is_for_command(), is_for) << command.name;
  }
}

// What a synopsis or prose names but no line declares would be in no page and no completion.
TEST(UsageParts, DeclareEachOptionThatATextNames) {
  const std::regex word("(^|[\\s\\[|`])(--[a-z][a-z-]*)");
  for (const Command& command : commands()) {
    std::vector<std::string> declared = {"--help", "--version"};
    for (const Option& option : read_usage(command.usage).options()) {
      declared.emplace_back(option.name);
    }
    const std::string usage(command.usage);
    for (std::sregex_iterator it(usage.begin(), usage.end(), word), end; it != end; ++it) {
      const std::string name = (*it)[2];
      EXPECT_THAT(declared, Contains(name)) << command.name;
    }
  }
}

TEST(UsageParts, SayWhatEachOptionDoes) {
  std::vector<std::string_view> texts = {kUsageOfAll};
  for (const Command& command : commands()) {
    texts.push_back(command.usage);
  }
  for (const std::string_view text : texts) {
    for (const UsagePart& part : read_usage(text).parts) {
      EXPECT_THAT(part.text, Not(IsEmpty())) << text;
    }
  }
}

}  // namespace
}  // namespace zc::cli
