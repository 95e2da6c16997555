#include "engine/observed/compared_times.h"

#include <string_view>

#include <gtest/gtest.h>

namespace zc::engine {
namespace {

TEST(ComparedTimes, ThePragmaIsFoundHoweverItIsSpelled) {
  for (const char* text :
       {"#pragma GCC dependency \"a.y\"\n", "#pragma\tGCC\tdependency <a>",
        "#pragma GCC /* */ dependency \"a\"", "P(GCC dependency \"a.y\")",
        "_Pragma(\"GCC dependency \\\"a\\\"\")", "#pragma GCC \\\n  dependency \"a\"",
        "dependency, dependency; GCC dependency"}) {
    EXPECT_TRUE(may_compare_times(text)) << text;
  }
}

TEST(ComparedTimes, OtherTextHasOneOfTheWords) {
  for (const char* text : {"", "dependency", "a dependency of GCC", "#pragma GCC poison x",
                           "#pragma GCC diagnostic push"}) {
    EXPECT_FALSE(may_compare_times(text)) << text;
  }
  using namespace std::string_view_literals;
  EXPECT_FALSE(
      may_compare_times("\x7f"
                        "ELF\0GCC\0dependency\0"sv))
      << "a compiler";
}

}  // namespace
}  // namespace zc::engine
