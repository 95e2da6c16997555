#include "os/fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>

#include "os/file.h"
#include "os/memory_file.h"
#include "os/pipe.h"
#include "os/terminal.h"
#include "os/wait.h"

namespace zc::os {
namespace {

TEST(FdTest, IsOpenUntilItIsReset) {
  Pipe pipe = *make_pipe();
  const int number = pipe.read.get();
  EXPECT_TRUE(is_open(number));
  pipe.read.reset();
  EXPECT_FALSE(is_open(number));
  EXPECT_FALSE(close_on_exec(number));
}

TEST(FdTest, AReplacedNumberStandsForTheSameFile) {
  const Pipe pipe = *make_pipe();
  const Fd taken(::open("/dev/null", O_RDWR));
  ASSERT_EQ(replace_descriptor(taken.get(), pipe.write), 0);
  EXPECT_EQ(::fcntl(taken.get(), F_GETFD), 0);
  EXPECT_TRUE(close_on_exec(taken.get()));
  EXPECT_EQ(::fcntl(taken.get(), F_GETFD), FD_CLOEXEC);
  ASSERT_TRUE(write_all(taken.get(), "x"));
  char byte = 0;
  EXPECT_EQ(*read_some(pipe.read.get(), &byte, 1), 1U);
  EXPECT_EQ(byte, 'x');
}

TEST(FdTest, ProgramsReachAMemoryFileByItsPath) {
  const Fd file = make_growing_memory_file("test");
  const std::string path = path_for_programs(file);
  ASSERT_FALSE(path.empty());
  const Result<Fd> theirs = open_file(path, Open::kAppend);
  ASSERT_TRUE(theirs);
  ASSERT_TRUE(write_all(theirs->get(), "text"));
  EXPECT_EQ(*read_from_start(file.get(), 100), "text");
}

TEST(FdTest, TheNullDeviceIsNoTerminal) {
  const Fd null(::open("/dev/null", O_RDWR));
  const Fd zero(::open("/dev/zero", O_RDWR));
  EXPECT_TRUE(is_null_device(null.get()));
  EXPECT_FALSE(is_null_device(zero.get()));
  EXPECT_FALSE(is_terminal(null.get()));
  const Fd terminal(::posix_openpt(O_RDWR | O_NOCTTY));
  if (terminal) {
    EXPECT_TRUE(is_terminal(terminal.get()));
  }
}

TEST(WaitTest, FindsWhichOfThemIsReady) {
  Pipe silent = *make_pipe();
  const Pipe loud = *make_pipe();
  WaitSource sources[] = {{.fd = silent.read.get()}, {.fd = -1}, {.fd = loud.read.get()}};
  EXPECT_FALSE(wait_for_any(sources, 0));
  ASSERT_TRUE(write_all(loud.write.get(), "x"));
  EXPECT_TRUE(wait_for_any(sources, -1));
  EXPECT_FALSE(sources[0].is_ready);
  EXPECT_FALSE(sources[1].is_ready);
  EXPECT_TRUE(sources[2].is_ready);
  silent.write.reset();  // The end of a stream can be read as well.
  EXPECT_TRUE(wait_for_any(sources, -1));
  EXPECT_TRUE(sources[0].is_ready);
}

}  // namespace
}  // namespace zc::os
