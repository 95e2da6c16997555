#include "compiler/response_file.h"

#include <fstream>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/real_compiler.h"
#include "support/temporary_directory.h"

namespace zc::compiler {
namespace {

using ::testing::ElementsAre;
using Words = std::vector<std::string>;

TEST(ResponseFile, SplitsAtBlanksOfAllKinds) {
  EXPECT_THAT(*split_response_file(" -c\ta.c\r\n-O2\n\n  -g"),
              ElementsAre("-c", "a.c", "-O2", "-g"));
  EXPECT_TRUE(split_response_file("")->empty());
  EXPECT_TRUE(split_response_file(" \n ")->empty());
}

TEST(ResponseFile, TakesQuotesAndEscapesOff) {
  EXPECT_THAT(*split_response_file("'a b' \"c d\" e\\ f g'h i'j"),
              ElementsAre("a b", "c d", "e f", "gh ij"));
  EXPECT_THAT(*split_response_file("-DNAME=\\\"value\\\" -DS=\"a\\\"b\\\\c\" 'd\"e' \"f'g\""),
              ElementsAre("-DNAME=\"value\"", "-DS=a\"b\\c", "d\"e", "f'g"));
  EXPECT_THAT(*split_response_file("a\\nb \\#c #d"), ElementsAre("anb", "#c", "#d"));
}

TEST(ResponseFile, RefusesWhatCompilersDisputeAbout) {
  const std::string_view nul("a\0b", 3);
  for (const std::string_view text :
       {std::string_view("'a"), std::string_view("\"a"), std::string_view("a\\"),
        std::string_view("a\\\nb"), std::string_view("a\\\r\nb"), std::string_view("a\fb"),
        std::string_view("a\vb"), nul, std::string_view("''"), std::string_view("a \"\" b"),
        std::string_view("'a\\b'"), std::string_view("'a\\'b'"), std::string_view("\"a\\nb\""),
        std::string_view("\"a\\$b\""), std::string_view("\xef\xbb\xbf-c"),
        std::string_view("\xff\xfe-\0", 4)}) {
    EXPECT_FALSE(split_response_file(text)) << text;
  }
}

OrBypass<Words> expand(const std::map<std::string, std::string>& files, const Words& args) {
  return expand_response_files(args, [&](std::string_view path) -> std::optional<std::string> {
    const auto it = files.find(std::string(path));
    return it == files.end() ? std::nullopt : std::optional(it->second);
  });
}

TEST(ResponseFile, ExpandsInPlaceAndNested) {
  const auto words =
      expand({{"f", "-O2 @dir/g -g"}, {"dir/g", "@h"}, {"h", "a.c"}}, {"-c", "@f", "-o", "x.o"});
  ASSERT_TRUE(words);
  EXPECT_THAT(*words, ElementsAre("-c", "-O2", "a.c", "-g", "-o", "x.o"));
}

TEST(ResponseFile, RefusesFilesThatCannotBeExpanded) {
  const auto missing = expand({}, {"-c", "@gone"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().reason, Reason::kUnsupportedResponseFile);
  EXPECT_EQ(missing.error().detail, "@gone");
  const auto nested = expand({{"f", "@gone"}}, {"@f"});
  ASSERT_FALSE(nested);
  EXPECT_EQ(nested.error().detail, "@gone");
  const auto endless = expand({{"f", "@f"}}, {"@f"});
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().reason, Reason::kUnsupportedResponseFile);
  EXPECT_FALSE(expand({}, {"@"}));
}

// What a compiler makes of "@file" is what it makes of our words.
TEST(ResponseFile, AgreesWithInstalledCompilers) {
  const auto compilers = test::real_compilers();
  if (compilers.empty()) {
    GTEST_SKIP() << "no compiler is installed";
  }
  const Words corpus = {
      "-DA=1 -DB=2",
      "-DA='x y' -DB=\"x y\"",
      "-DA=\\\"v\\\"",
      "-DA=\"\\\"v\\\"\"",
      "-DA='\"v\"'",
      "-DA=\"a\\\\b\" -DB=a\\\\b",
      "-DA=x\\ y",
      "-DA=\\'x\\'",
      "-DA=\"it's\"",
      "-D\"A B\"=1 -D 'C=2'",
      "-DA=x\"y z\"'w v'u",
      "  -DA\t\n-DB\r\n\r\n-DC  ",
      "-DA=a\\nb -DB=\\t -DC=\\$x",
      "-DA=#b #-DB",
      "-DA=%$&*()[]{};|<>?!~`^",
      "@inner -DZ",
  };
  test::TemporaryDirectory directory;
  std::ofstream(directory / "a.c") << "int x;\n";
  std::ofstream(directory / "inner") << "-DINNER='a b'\n";
  for (const std::string& text : corpus) {
    std::ofstream(directory / "words", std::ios::binary) << text;
    const auto ours = expand({{"words", text}, {"inner", "-DINNER='a b'\n"}}, {"@words"});
    ASSERT_TRUE(ours) << text;
    for (const auto& compiler : compilers) {
      const Words fixed = {"-###", "-S", "a.c", "-o", "a.s"};
      Words with_file = fixed;
      with_file.emplace_back("@words");
      Words with_words = fixed;
      with_words.insert(with_words.end(), ours->begin(), ours->end());
      const auto first = compiler.run(with_file, directory.path());
      const auto second = compiler.run(with_words, directory.path());
      EXPECT_EQ(first.err, second.err) << compiler.path << ": " << text;
      EXPECT_EQ(first.exit_code, second.exit_code) << compiler.path << ": " << text;
    }
  }
}

}  // namespace
}  // namespace zc::compiler
