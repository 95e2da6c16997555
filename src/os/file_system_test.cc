#include "os/file_system.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "support/refused_calls.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

class PosixFileSystemTest : public testing::Test {
 protected:
  PosixFileSystemTest() : top_(std::filesystem::canonical(scratch_.path()).string()) {
    EXPECT_TRUE(replace_file(top_ + "/file", "text", 0600));
    EXPECT_TRUE(make_directories(top_ + "/a/b"));
  }
  void link(const std::string& name, const std::string& text) const {
    ASSERT_EQ(::symlink(text.c_str(), (top_ + '/' + name).c_str()), 0);
  }

  test::TemporaryDirectory scratch_;
  const std::string top_;
  const PosixFileSystem fs_;
};

TEST_F(PosixFileSystemTest, ALinkIsReadAsItIs) {
  for (const char* text : {"file", "a/../file", "/nowhere/at all", ".", "//"}) {
    link("link", text);
    const auto read = fs_.read_link(top_ + "/link");
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, text);
    ASSERT_EQ(::unlink((top_ + "/link").c_str()), 0);
  }
}

TEST_F(PosixFileSystemTest, ToReadAFileGivesItNoNewTimeOfAccess) {
  const std::string path = top_ + "/file";
  const timespec times[2] = {{.tv_sec = 5, .tv_nsec = 7}, {.tv_sec = 9, .tv_nsec = 0}};
  ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  ASSERT_TRUE(fs_.read(FileSystem::kNoDirectory, path.c_str(), 100));
  FileDetails details;
  ASSERT_EQ(fs_.look_closely(path.c_str(), LastLink::kFollow, details), 0);
  EXPECT_EQ(details.read_ns, 5'000'000'007);
  EXPECT_EQ(details.user, ::geteuid());
  EXPECT_EQ(details.group, ::getegid());
  EXPECT_EQ(fs_.look_closely((top_ + "/gone").c_str(), LastLink::kFollow, details), ENOENT);
}

TEST_F(PosixFileSystemTest, ALinkToALinkIsNotFollowed) {
  link("one", "file");
  link("two", "one");
  EXPECT_EQ(*fs_.read_link(top_ + "/two"), "one");
}

TEST_F(PosixFileSystemTest, ALongLinkIsReadWhole) {
  const std::string text(4000, 'x');
  link("link", text);
  EXPECT_EQ(*fs_.read_link(top_ + "/link"), text);
}

TEST_F(PosixFileSystemTest, WhatIsNoLinkIsNotRead) {
  EXPECT_EQ(fs_.read_link(top_ + "/file").error().code, Code::kInvalid);
  EXPECT_EQ(fs_.read_link(top_ + "/a").error().code, Code::kInvalid);
  EXPECT_EQ(fs_.read_link(top_ + "/gone").error().code, Code::kNotFound);
  EXPECT_EQ(fs_.read_link(top_ + "/file/below").error().code, Code::kNotFound);
}

TEST_F(PosixFileSystemTest, ARealPathIsFreeOfLinksAndDots) {
  link("link", "a");
  link("a/again", "../link/b");
  for (const char* path : {"/a/b", "/link/b", "/a/again", "/link/again", "/a/./b/", "/a//b",
                           "/link/../a/b", "/a/b/../b", "/a/b/../../a/./b"}) {
    const auto real = fs_.real_path(top_ + path);
    ASSERT_TRUE(real) << path;
    EXPECT_EQ(*real, top_ + "/a/b") << path;
  }
  EXPECT_EQ(*fs_.real_path(top_ + "/link/../file"), top_ + "/file");
  link("deep", "a/b");
  EXPECT_EQ(*fs_.real_path(top_ + "/deep/../b"), top_ + "/a/b");
  EXPECT_EQ(*fs_.real_path("/"), "/");
  EXPECT_EQ(*fs_.real_path("/.."), "/");
  EXPECT_EQ(*fs_.real_path("/../tmp/.."), "/");
}

TEST_F(PosixFileSystemTest, ARealDirectoryIsReachedWithoutLinks) {
  link("link", "a");
  link("a/again", "b");
  OpenDirectory top(fs_);
  ASSERT_EQ(top.open(FileSystem::kNoDirectory, top_.c_str()), 0);
  const auto opens = [&](DirectoryHandle at, const std::string& path) {
    DirectoryHandle handle = FileSystem::kNoDirectory;
    const bool is_open = fs_.open_real_directory(at, path.c_str(), handle) == 0;
    if (is_open) {
      fs_.close_directory(handle);
    }
    return is_open;
  };
  const auto check = [&] {
    const std::map<std::string, bool> expected = {
        {"a/b", true},      {"a/../a/b", true}, {"link", false}, {"link/b", false},
        {"a/again", false}, {"gone", false},    {"file", false}, {"link/../a", false}};
    for (const auto& [path, is_real] : expected) {
      EXPECT_EQ(opens(FileSystem::kNoDirectory, top_ + '/' + path), is_real) << path;
      EXPECT_EQ(opens(top.handle(), path), is_real) << path;
    }
  };
  check();
  // Where the kernel is too old for the call: of its arguments, the size is never 0.
  (void)test::run_without({{.number = SYS_openat2, .argument = 3, .flags = ~0U, .error = ENOSYS}},
                          check);
}

TEST_F(PosixFileSystemTest, TheBeginningOfAFileIsRead) {
  ASSERT_TRUE(replace_file(top_ + "/script", "#!/bin/sh\ntrue\n", 0600));
  EXPECT_EQ(*fs_.read_beginning(top_ + "/script", 4), "#!/b");
  EXPECT_EQ(*fs_.read_beginning(top_ + "/script", 256), "#!/bin/sh\ntrue\n");
  EXPECT_EQ(fs_.read_beginning(top_ + "/gone", 4).error().code, Code::kNotFound);
  EXPECT_EQ(fs_.read_beginning(top_ + "/a", 4).error().code, Code::kInvalid);
}

TEST_F(PosixFileSystemTest, WhatLeadsNowhereHasNoRealPath) {
  link("dangling", "gone");
  link("loop", "loop");
  EXPECT_EQ(fs_.real_path(top_ + "/gone").error().code, Code::kNotFound);
  EXPECT_EQ(fs_.real_path(top_ + "/dangling").error().code, Code::kNotFound);
  EXPECT_EQ(fs_.real_path(top_ + "/file/below").error().code, Code::kNotFound);
  EXPECT_EQ(fs_.real_path(top_ + "/file/../a").error().code, Code::kNotFound);
  EXPECT_EQ(fs_.real_path(top_ + "/gone/../a").error().code, Code::kNotFound);
  EXPECT_EQ(fs_.real_path(top_ + "/loop").error().code, Code::kIo);
  EXPECT_EQ(fs_.real_path("").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace zc::os
