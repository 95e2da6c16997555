#include "os/name.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

class NameTest : public ::testing::Test {
 protected:
  std::string given_file(const std::string& name, std::uint32_t mode = 0600) const {
    EXPECT_TRUE(replace_file(directory_ / name, name, mode));
    return directory_ / name;
  }

  test::TemporaryDirectory directory_;
};

TEST_F(NameTest, ComeAndGo) {
  const std::string file = given_file("file");
  EXPECT_EQ(rename_to(file, directory_ / "moved"), 0);
  EXPECT_EQ(rename_to(file, directory_ / "again"), ENOENT);
  EXPECT_EQ(rename_to(directory_ / "moved", given_file("taken")), 0);
  EXPECT_EQ(*read_path(directory_ / "taken", 100), "file");
  EXPECT_EQ(remove_name(directory_ / "taken"), 0);
  EXPECT_EQ(remove_name(directory_ / "taken"), ENOENT);
  EXPECT_NE(remove_name(directory_.path()), 0);
}

TEST_F(NameTest, ALinkLeadsWhereItSays) {
  const std::string link = directory_ / "link";
  const std::string far(3000, 'x');
  EXPECT_EQ(make_symlink(far, link), 0);
  EXPECT_EQ(symlink_target(link), far);
  EXPECT_EQ(make_symlink("elsewhere", link), EEXIST);
  EXPECT_EQ(symlink_target(given_file("file")), std::nullopt);
  EXPECT_EQ(symlink_target(directory_ / "none"), std::nullopt);
}

TEST_F(NameTest, Rights) {
  EXPECT_EQ(check_right(given_file("program", 0700), Right::kExecute), 0);
  EXPECT_EQ(check_right(given_file("data"), Right::kExecute), EACCES);
  EXPECT_EQ(check_right(directory_ / "data", Right::kRead), 0);
  EXPECT_EQ(check_right(directory_ / "data", Right::kWrite), 0);
  EXPECT_EQ(check_right(directory_ / "none", Right::kRead), ENOENT);
}

TEST_F(NameTest, DirectoriesAreMadeOnceAndRemovedEmpty) {
  const std::string directory = directory_ / "d";
  EXPECT_EQ(make_directory(directory, 0750), 0);
  struct stat made = {};
  ASSERT_EQ(::stat(directory.c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 07777, 0750U);
  EXPECT_EQ(make_directory(directory, 0700), EEXIST);
  given_file("d/f");
  EXPECT_EQ(remove_directory(directory), ENOTEMPTY);
  EXPECT_EQ(remove_name(directory_ / "d/f"), 0);
  EXPECT_EQ(remove_directory(directory), 0);
  EXPECT_EQ(remove_directory(directory), ENOENT);
  EXPECT_EQ(remove_directory(given_file("file")), ENOTDIR);
}

}  // namespace
}  // namespace zc::os
