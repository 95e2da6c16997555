#include "os/file_stamp.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <string>

#include "os/file.h"
#include "os/socket.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

class FileStampTest : public ::testing::Test {
 protected:
  std::string given_file(const std::string& name, std::string_view bytes) const {
    EXPECT_TRUE(replace_file(directory_ / name, bytes, 0640));
    return directory_ / name;
  }
  std::string given_link(const std::string& name, const std::string& target) const {
    EXPECT_EQ(::symlink(target.c_str(), (directory_ / name).c_str()), 0);
    return directory_ / name;
  }

  test::TemporaryDirectory directory_;
};

TEST_F(FileStampTest, TellsKindAndPermissions) {
  const FileStamp file = *stat_path(given_file("file", "four"));
  EXPECT_TRUE(file.is_regular());
  EXPECT_EQ(file.permissions(), 0640U);
  EXPECT_EQ(file.size_bytes, 4U);
  EXPECT_EQ(file.names, 1U);
  EXPECT_TRUE(stat_path(directory_.path())->is_directory());
  const Result<Fd> socket = listen_unix(directory_ / "socket");
  ASSERT_TRUE(socket);
  EXPECT_TRUE(stat_path(directory_ / "socket")->is_socket());
}

TEST_F(FileStampTest, ALinkIsFollowedOrNot) {
  const std::string file = given_file("file", "bytes");
  const std::string link = given_link("link", "file");
  EXPECT_TRUE(stat_path(link)->same_file_as(*stat_path(file)));
  EXPECT_TRUE(stat_link(link)->is_symlink());
  EXPECT_FALSE(stat_link(link)->same_file_as(*stat_path(file)));
  EXPECT_EQ(stat_path(given_link("dangling", "nowhere")).error().code, Code::kNotFound);
}

TEST_F(FileStampTest, ANameIsAgainstADirectoryOrTheWorkingOne) {
  const std::string file = given_file("file", "bytes");
  const Result<Fd> directory = open_file(directory_.path(), Open::kExecute);
  ASSERT_TRUE(directory);
  FileStamp in_directory;
  ASSERT_EQ(stamp_at(directory->get(), "file", LastLink::kFollow, in_directory), 0);
  EXPECT_TRUE(in_directory.same_file_as(*stat_path(file)));
  FileStamp here;
  ASSERT_EQ(stamp_at(kHere, ".", LastLink::kFollow, here), 0);
  EXPECT_TRUE(here.is_directory());
  EXPECT_EQ(stamp_at(directory->get(), "none", LastLink::kFollow, here), ENOENT);
}

TEST_F(FileStampTest, WhatBelongsToAnotherUserIsRefused) {
  EXPECT_TRUE(stat_own_link(given_file("ours", "")));
  std::string theirs = "/";
  if (::geteuid() == 0) {
    theirs = given_link("theirs", "ours");
    constexpr uid_t kOther = 12345;
    if (::lchown(theirs.c_str(), kOther, kOther) != 0) {
      GTEST_SKIP() << "there is no other user here";
    }
  }
  EXPECT_EQ(stat_own_link(theirs).error().code, Code::kInvalid);
}

}  // namespace
}  // namespace zc::os
