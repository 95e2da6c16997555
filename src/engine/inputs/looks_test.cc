#include "engine/inputs/looks.h"

#include <cerrno>

#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::engine {
namespace {

TEST(LooksTest, EachPathIsLookedAtOnce) {
  test::MemFileSystem fs;
  fs.write("/w/a", "text");
  Looks looks;
  os::FileStamp stamp;
  EXPECT_EQ(looks.stat(fs, "/w/a", stamp), 0);
  EXPECT_EQ(stamp.size_bytes, 4U);
  EXPECT_EQ(looks.stat(fs, "/w/b", stamp), ENOENT);
  fs.write("/w/b", "text");
  fs.remove("/w/a");
  EXPECT_EQ(looks.stat(fs, "/w/a", stamp), 0) << "at one moment";
  EXPECT_EQ(looks.stat(fs, "/w/b", stamp), ENOENT);
  EXPECT_EQ(fs.stats, 2);
  EXPECT_EQ(Looks().stat(fs, "/w/b", stamp), 0) << "the next look-up sees what is there then";
}

TEST(LooksTest, WhatIsKnownIsNotLookedAt) {
  test::MemFileSystem fs;
  fs.write("/bin/as", "text");
  LooksByPath known;
  known.emplace("/bin/as", Look{.err = ENOENT, .stamp = {}});
  Looks looks(&known);
  os::FileStamp stamp;
  EXPECT_EQ(looks.stat(fs, "/bin/as", stamp), ENOENT);
  EXPECT_EQ(looks.stat(fs, "/bin", stamp), 0);
  EXPECT_EQ(fs.stats, 1);
}

TEST(LooksTest, ARealPathIsFoundOnce) {
  test::MemFileSystem fs;
  fs.write("/w/a", "text");
  fs.link("/link", "/w");
  Looks looks;
  EXPECT_EQ(*looks.real_path(fs, "/link/a"), "/w/a");
  EXPECT_EQ(looks.real_path(fs, "/link/b").error().code, Code::kNotFound);
  fs.link("/link", "/elsewhere");
  EXPECT_EQ(*looks.real_path(fs, "/link/a"), "/w/a");
}

}  // namespace
}  // namespace zc::engine
