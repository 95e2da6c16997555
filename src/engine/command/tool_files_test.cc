#include "engine/command/tool_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/detect.h"
#include "embedded/tool_files.h"
#include "support/mem_file_system.h"

namespace zc::engine::command {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAreArray;

class ToolFilesTest : public ::testing::Test {
 protected:
  // What is found for a program, by the first name that its declaration has.
  std::string found(std::string_view program, const std::string& cwd = "/w/sub") {
    const std::vector<std::string_view> variables = {"HOME=/home/me"};
    const auto tool = files_.find(program, RequestEnvironment(variables), cwd);
    if (!tool) {
      return tool.error().detail;
    }
    return *tool == nullptr ? "nothing" : (*tool)->names.front();
  }
  void write(const std::string& path, const std::string& text) { fs_.write(path, text); }

  test::MemFileSystem fs_;
  ToolFiles files_{fs_};
};

TEST_F(ToolFilesTest, OursAreAlwaysThere) {
  EXPECT_EQ(found("/usr/bin/clang-tidy-19"), "clang-tidy");
  EXPECT_EQ(found("/usr/bin/iwyu"), "include-what-you-use");
  EXPECT_EQ(found("/opt/ti/bin/cl6x"), "cl6x");
  EXPECT_EQ(found("/usr/bin/unknown"), "nothing");
}

// `zccache run` serves them by these names. A tool that reads its input from a terminal would find
// an empty one.
TEST(ToolFiles, OursServeAWholeBuildUnlessTheyMayReadATerminal) {
  std::vector<std::string> served;
  for (const embedded::EmbeddedFile& file : embedded::tool_files) {
    const auto tool = parse_tool(file.text);
    ASSERT_TRUE(tool) << file.name;
    if (!tool->reads_standard_input) {
      served.insert(served.end(), tool->names.begin(), tool->names.end());
    }
  }
  EXPECT_THAT(compiler::names::kDeclaredTools, UnorderedElementsAreArray(served));
  EXPECT_TRUE(compiler::is_declared_tool("/usr/bin/clang-tidy-19"));
  EXPECT_FALSE(compiler::is_declared_tool("clang-format"));
}

TEST_F(ToolFilesTest, TheUsersFileCountsBeforeOurs) {
  write("/home/me/.config/zccache/tools/mine.toml", "names = [\"mine\", \"clang-tidy\"]");
  EXPECT_EQ(found("clang-tidy"), "mine");
  EXPECT_EQ(found("/opt/mine-2.1"), "mine");
}

TEST_F(ToolFilesTest, AProjectsFileCountsOnlyWhereItIsTrusted) {
  write("/w/.zccache/tools/a.toml", "names = [\"a\"]");
  EXPECT_EQ(found("a"), "nothing");
  write("/home/me/.config/zccache/trusted", "/w\n");
  EXPECT_EQ(found("a"), "a");
  EXPECT_EQ(found("a", "/elsewhere"), "nothing");
}

TEST_F(ToolFilesTest, AWrongFileIsNamedWithWhatIsWrong) {
  write("/home/me/.config/zccache/tools/a.toml", "names = [\"a\"]\nno_such_key = 1\n");
  EXPECT_THAT(found("b"), HasSubstr("a.toml: unknown key no_such_key"));
  write("/home/me/.config/zccache/tools/a.toml", "names = [\"a\", ]\n= 1\n");
  EXPECT_THAT(found("b"), HasSubstr("a.toml: line 2"));
}

TEST(ParseTool, TakesEachKey) {
  const auto tool = parse_tool(
      "names = [\"a\"]\nreads_standard_input = false\nignored_arguments = [\"^-j\"]\n"
      "output_options = [\"-o\"]\nshares_directories = true\nreads_file_times = false\n");
  ASSERT_TRUE(tool);
  EXPECT_FALSE(tool->reads_standard_input);
  ASSERT_EQ(tool->options.key_filters.size(), 1U);
  EXPECT_TRUE(tool->options.key_filters[0]->is_in("-j4"));
  EXPECT_FALSE(tool->options.key_filters[0]->is_in("x-j4"));
  EXPECT_EQ(tool->output_options, std::vector<std::string>{"-o"});
  EXPECT_FALSE(tool->options.keeps_cwd);
  EXPECT_FALSE(tool->reads_file_times);
}

TEST(ParseTool, DeclaresNothingThatIsNotWritten) {
  const auto tool = parse_tool("names = [\"a\"]");
  ASSERT_TRUE(tool);
  EXPECT_TRUE(tool->reads_standard_input);
  EXPECT_TRUE(tool->reads_file_times);
  EXPECT_TRUE(tool->options.keeps_cwd);
  EXPECT_TRUE(tool->options.key_filters.empty());
  EXPECT_TRUE(tool->output_options.empty());
}

TEST(ParseTool, TakesEachFileOfOurs) {
  for (const embedded::EmbeddedFile& file : embedded::tool_files) {
    EXPECT_TRUE(parse_tool(file.text)) << file.name;
  }
}

TEST(ParseTool, RefusesWhatItDoesNotUnderstand) {
  for (const std::string_view text :
       {"", "names = []", "names = \"a\"", "names = [1]", "names = [\"a\"]\noutput_options = 1",
        "names = [\"a\"]\nreads_standard_input = \"no\"",
        "names = [\"a\"]\nignored_arguments = [\"(\"]"}) {
    EXPECT_FALSE(parse_tool(text)) << text;
  }
}

}  // namespace
}  // namespace zc::engine::command
