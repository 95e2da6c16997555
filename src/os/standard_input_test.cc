#include "os/standard_input.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "os/fd.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

class StandardInputTest : public testing::Test {
 protected:
  StandardInputTest() : before_(::dup(0)) {}
  ~StandardInputTest() override { ::dup2(before_.get(), 0); }

  void given(int fd) const {
    ASSERT_GE(fd, 0);
    ::dup2(fd, 0);
    ::close(fd);
  }
  std::string file(const std::string& text) const {
    EXPECT_TRUE(replace_file(directory_ / "in", text, 0600));
    return directory_ / "in";
  }

  test::TemporaryDirectory directory_;
  const Fd before_;
};

TEST_F(StandardInputTest, TheNullDeviceIsEmpty) {
  given(::open("/dev/null", O_RDONLY));
  EXPECT_TRUE(is_standard_input_empty());
  EXPECT_FALSE(standard_input_file());
}

TEST_F(StandardInputTest, AFileIsKnownByItsPathUntilItIsRead) {
  const std::string path = file("text");
  given(::open(path.c_str(), O_RDONLY));
  EXPECT_FALSE(is_standard_input_empty());
  const auto input = standard_input_file();
  ASSERT_TRUE(input);
  EXPECT_EQ(input->path, path);
  EXPECT_EQ(input->stamp.size_bytes, 4U);
  ::lseek(0, 1, SEEK_SET);
  EXPECT_FALSE(is_standard_input_empty());
  EXPECT_FALSE(standard_input_file()) << "not from its beginning";
  ::lseek(0, 4, SEEK_SET);
  EXPECT_TRUE(is_standard_input_empty());
}

TEST_F(StandardInputTest, APipeIsEmptyOnceNothingCanCome) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  given(ends[0]);
  EXPECT_FALSE(is_standard_input_empty()) << "something may come";
  ASSERT_EQ(::write(ends[1], "x", 1), 1);
  ::close(ends[1]);
  EXPECT_FALSE(is_standard_input_empty()) << "there is something";
  EXPECT_FALSE(standard_input_file());
  char byte = 0;
  ASSERT_EQ(::read(0, &byte, 1), 1);
  EXPECT_TRUE(is_standard_input_empty());
}

TEST_F(StandardInputTest, AClosedOneIsNoFile) {
  ::close(0);
  EXPECT_FALSE(standard_input_file());
}

TEST_F(StandardInputTest, ATerminalIsReplaced) {
  const Fd master(::posix_openpt(O_RDWR | O_NOCTTY));
  if (!master || ::grantpt(master.get()) != 0 || ::unlockpt(master.get()) != 0) {
    GTEST_SKIP() << "no terminals here";
  }
  given(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY));  // NOLINT(concurrency-mt-unsafe)
  ASSERT_EQ(::isatty(0), 1);
  replace_terminal_input();
  EXPECT_EQ(::isatty(0), 0);
  EXPECT_TRUE(is_standard_input_empty());
}

TEST_F(StandardInputTest, WhatIsNoTerminalStays) {
  given(::open(file("text").c_str(), O_RDONLY));
  replace_terminal_input();
  EXPECT_TRUE(standard_input_file());
}

}  // namespace
}  // namespace zc::os
