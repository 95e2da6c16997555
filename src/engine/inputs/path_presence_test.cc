#include "engine/inputs/path_presence.h"

#include <gtest/gtest.h>

namespace zc::engine {
namespace {

TEST(SplitPathTest, KeepsTheSlashOfAStrictAbsence) {
  EXPECT_EQ(split_path("a.h").directory, ".");
  EXPECT_EQ(split_path("a.h").name, "a.h");
  EXPECT_EQ(split_path("/x").directory, "/");
  EXPECT_EQ(split_path("a/b/").directory, "a");
  EXPECT_EQ(split_path("a/b/").name, "b/");
}

}  // namespace
}  // namespace zc::engine
