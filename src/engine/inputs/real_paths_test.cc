#include "engine/inputs/real_paths.h"

#include <gtest/gtest.h>

namespace zc::engine {
namespace {

class RealPathsTest : public testing::Test {
 protected:
  RealPathsTest() {
    real_.add("/usr/lib/gcc/12", true);
    real_.add("/w/a.h", false);
  }
  RealPaths real_;
};

TEST_F(RealPathsTest, WhatIsAboveARealPathIsARealDirectory) {
  for (const char* path : {"/usr/lib/gcc/12", "/usr/lib/gcc", "/usr", "/w"}) {
    EXPECT_TRUE(real_.is_directory(path)) << path;
  }
  for (const char* path : {"/w/a.h", "/usr/lib/gcc/1", "/usr/lib/gcc/12/include", "/lib", "/us"}) {
    EXPECT_FALSE(real_.is_directory(path)) << path;
  }
}

TEST_F(RealPathsTest, DotsLeadBackOutOfARealDirectory) {
  EXPECT_EQ(real_.without_dots("/usr/lib/gcc/12/../../../include/c++"), "/usr/include/c++");
  EXPECT_EQ(real_.without_dots("/usr/lib/../lib"), "/usr/lib");
  EXPECT_EQ(real_.without_dots("/usr/lib/./gcc//12/.."), "/usr/lib/gcc");
  EXPECT_EQ(real_.without_dots("/elsewhere/a"), "/elsewhere/a");
}

TEST_F(RealPathsTest, WhereElseTheyLeadIsNotKnown) {
  for (const char* path : {"/lib/../lib", "/usr/include/../lib", "/usr/lib/gcc/12/include/..",
                           "/w/a.h/../b", "/usr/lib/gcc/12/../../../include/../lib", "/..",
                           "/usr/..", "/usr/lib/../lib/", "/usr/lib/../lib/."}) {
    EXPECT_EQ(real_.without_dots(path), std::nullopt) << path;
  }
}

}  // namespace
}  // namespace zc::engine
