#include "compiler/c/search_path.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/real_compiler.h"
#include "support/temporary_directory.h"

namespace zc::compiler::c {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(SearchPath, ReadsTheLists) {
  const auto path = parse_search_path(
      "gcc version 12\n"
      "ignoring duplicate directory \"/usr/include/x\"\n"
      "ignoring nonexistent directory \"no such\"\n"
      "ignoring nonexistent directory \"/usr/local/include/y\"\n"
      "#include \"...\" search starts here:\n"
      " quote dir\n"
      "#include <...> search starts here:\n"
      " i\n"
      " /usr/include\n"
      "End of search list.\n"
      " not this\n");
  ASSERT_TRUE(path);
  EXPECT_THAT(path->quote_dirs, ElementsAre("quote dir"));
  EXPECT_THAT(path->angle_dirs, ElementsAre("i", "/usr/include"));
  EXPECT_THAT(path->missing_dirs, ElementsAre("no such", "/usr/local/include/y"));
}

TEST(SearchPath, RefusesOtherTexts) {
  EXPECT_FALSE(parse_search_path(""));
  EXPECT_FALSE(parse_search_path("#include <...> search starts here:\n i\n"));
  EXPECT_FALSE(parse_search_path("gcc: fatal error: no input files\n"));
}

TEST(SearchPath, OfInstalledCompilers) {
  const auto compilers = test::real_compilers();
  if (compilers.empty()) {
    GTEST_SKIP() << "no compiler is installed";
  }
  test::TemporaryDirectory directory;
  std::filesystem::create_directory(directory / "in c");
  std::filesystem::create_directory(directory / "quo");
  for (const auto& compiler : compilers) {
    const auto output = compiler.run({"-Iin c", "-I", "gone", "-iquote", "quo", "-E", "-v", "-x",
                                      "c++", "/dev/null", "-o", "/dev/null"},
                                     directory.path());
    ASSERT_EQ(output.exit_code, 0) << output.err;
    const auto path = parse_search_path(output.err);
    ASSERT_TRUE(path) << output.err;
    EXPECT_THAT(path->quote_dirs, ElementsAre("quo")) << compiler.path;
    ASSERT_FALSE(path->angle_dirs.empty());
    EXPECT_EQ(path->angle_dirs.front(), "in c") << compiler.path;
    EXPECT_THAT(path->angle_dirs, Contains("/usr/include")) << compiler.path;
    EXPECT_THAT(path->missing_dirs, Contains("gone")) << compiler.path;
    for (const std::string& dir : path->angle_dirs) {
      EXPECT_TRUE(std::filesystem::is_directory(dir.starts_with('/') ? dir : directory / dir))
          << dir;
    }
  }
}

}  // namespace
}  // namespace zc::compiler::c
