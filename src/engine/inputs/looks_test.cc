#include "engine/inputs/looks.h"

#include <cerrno>
#include <string>

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
  known.add("/bin/as", LooksByPath::hash_of("/bin/as"), {.err = ENOENT, .stamp = {}});
  Looks looks(&known);
  os::FileStamp stamp;
  EXPECT_EQ(looks.stat(fs, "/bin/as", stamp), ENOENT);
  EXPECT_EQ(looks.stat(fs, "/bin", stamp), 0);
  EXPECT_EQ(fs.stats, 1);
}

TEST(LooksTest, ManyPathsAreKeptApart) {
  LooksByPath looks;
  const auto name = [](int i) { return "/w/" + std::to_string(i); };
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(looks.find(name(i), LooksByPath::hash_of(name(i))), nullptr);
    looks.add(name(i), LooksByPath::hash_of(name(i)), {.err = i, .stamp = {}});
  }
  for (int i = 0; i < 1000; ++i) {
    const Look* const look = looks.find(name(i), LooksByPath::hash_of(name(i)));
    ASSERT_NE(look, nullptr);
    EXPECT_EQ(look->err, i);
  }
}

TEST(LooksTest, PathsWithOneHashAreKeptApart) {
  LooksByPath looks;
  looks.add("/a", 7, {.err = 1, .stamp = {}});
  looks.add("/b", 7, {.err = 2, .stamp = {}});
  EXPECT_EQ(looks.find("/a", 7)->err, 1);
  EXPECT_EQ(looks.find("/b", 7)->err, 2);
  EXPECT_EQ(looks.find("/c", 7), nullptr);
}

TEST(LooksTest, WhatIsOpenIsNotLookedAtByItsPath) {
  test::MemFileSystem fs;
  fs.write("/w/a", "text");
  os::OpenDirectory opened(fs);
  ASSERT_EQ(opened.open(os::FileSystem::kNoDirectory, "/w"), 0);
  Looks looks;
  looks.take(fs, "/w", opened.handle());
  fs.remove("/w");
  fs.stats = 0;
  os::FileStamp stamp;
  EXPECT_EQ(looks.stat(fs, "/w", stamp), 0);
  EXPECT_TRUE(stamp.is_directory());
  EXPECT_EQ(fs.stats, 0);
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
