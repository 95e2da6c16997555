#include "os/standard_input.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <thread>

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

class PipedInputTest : public StandardInputTest {
 protected:
  // What has been written into a pipe that is standard input now; the end to write to.
  Fd given_pipe(const std::string& text) const {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    given(ends[0]);
    EXPECT_TRUE(write_all(ends[1], text));
    return Fd(ends[1]);
  }
  static std::string rest() { return read_fd(0, 1000).value_or("unreadable"); }
};

TEST_F(PipedInputTest, IsInAPipeAgainAndCanBeReadAgain) {
  given_pipe("int a;\n");
  EXPECT_EQ(take_piped_input(100), "int a;\n");
  const InputPlace begin = InputPlace::now();
  const Fd again(::open("/proc/self/fd/0", O_RDONLY | O_CLOEXEC));
  EXPECT_EQ(rest(), "int a;\n");
  EXPECT_EQ(read_fd(again.get(), 100).value_or("unreadable"), "") << "what is read is gone";
  begin.restore();
  EXPECT_EQ(rest(), "int a;\n");
}

TEST_F(StandardInputTest, AFileIsReadAgainFromThatPlace) {
  given(::open(file("text").c_str(), O_RDONLY));
  ::lseek(0, 1, SEEK_SET);
  const InputPlace place = InputPlace::now();
  EXPECT_EQ(read_fd(0, 100).value_or("unreadable"), "ext");
  place.restore();
  EXPECT_EQ(read_fd(0, 100).value_or("unreadable"), "ext");
}

TEST_F(PipedInputTest, IsWaitedForUntilItIsWhole) {
  Fd end = given_pipe("int ");
  std::thread writer([&end] {
    (void)write_all(end.get(), "a;");
    end = Fd();
  });
  EXPECT_EQ(take_piped_input(100), "int a;");
  writer.join();
}

TEST_F(PipedInputTest, MayBeEmpty) {
  given_pipe("");
  EXPECT_EQ(take_piped_input(100), "");
  EXPECT_EQ(rest(), "");
}

TEST_F(PipedInputTest, StaysAsItIsIfItIsTooLong) {
  given_pipe("int a;");
  EXPECT_FALSE(take_piped_input(5));
  EXPECT_EQ(rest(), "int a;");
}

TEST_F(PipedInputTest, StaysAsItIsIfItsWriterIsSlow) {
  Fd end = given_pipe("int a;");
  EXPECT_FALSE(take_piped_input(100));
  end = Fd();
  EXPECT_EQ(rest(), "int a;");
}

TEST_F(PipedInputTest, NothingElseIsTaken) {
  given(::open(file("text").c_str(), O_RDONLY));
  EXPECT_FALSE(take_piped_input(100));
  EXPECT_EQ(rest(), "text");
  ::close(0);
  EXPECT_FALSE(take_piped_input(100));
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
