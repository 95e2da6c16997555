#include "os/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include <gtest/gtest.h>

#include "os/file.h"

namespace zc::os {
namespace {

// What comes out of the pipe when nobody can write to it any more.
std::string rest_of(Pipe& pipe) {
  pipe.write.reset();
  std::string out;
  std::array<char, 100> part;
  for (ssize_t n = 0; (n = ::read(pipe.read.get(), part.data(), part.size())) > 0;) {
    out.append(part.data(), static_cast<std::size_t>(n));
  }
  return out;
}

TEST(Terminal, WhatStandsInForATerminalIsOneOfItsSize) {
  const Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(master);
  ASSERT_EQ(::unlockpt(master.get()), 0);
  const Fd terminal(::open(::ptsname(master.get()), O_RDWR | O_NOCTTY | O_CLOEXEC));
  const winsize size = {.ws_row = 7, .ws_col = 93, .ws_xpixel = 0, .ws_ypixel = 0};
  ASSERT_EQ(::ioctl(terminal.get(), TIOCSWINSZ, &size), 0);
  EXPECT_EQ(columns_of(terminal.get()), 93U);

  Result<Pipe> pipe = make_pipe_like(terminal.get());
  ASSERT_TRUE(pipe) << pipe.error().message;
  EXPECT_TRUE(is_terminal(pipe->write.get()));
  EXPECT_EQ(columns_of(pipe->write.get()), 93U);
  ASSERT_TRUE(write_all(pipe->write.get(), "one\ntwo\tthree\r\x03\x04\n"));
  EXPECT_EQ(rest_of(*pipe), "one\ntwo\tthree\r\x03\x04\n");
  EXPECT_EQ(errno, EIO);
}

TEST(Terminal, WhatStandsInForAnythingElseIsAPipe) {
  const Fd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  EXPECT_EQ(columns_of(null.get()), 0U);
  Result<Pipe> pipe = make_pipe_like(null.get());
  ASSERT_TRUE(pipe);
  EXPECT_FALSE(is_terminal(pipe->write.get()));
  ASSERT_TRUE(write_all(pipe->write.get(), "text\n"));
  EXPECT_EQ(rest_of(*pipe), "text\n");
}

// Runs `check` in a process of its own; true if that returns true.
template <class Check>
bool holds_in_child(Check check) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(check() ? 0 : 1);
  }
  int status = -1;
  return ::waitpid(child, &status, 0) == child && status == 0;
}

TEST(Terminal, HasABackground) {
  const Fd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  ASSERT_TRUE(master);
  ASSERT_EQ(::unlockpt(master.get()), 0);
  const std::string path = ::ptsname(master.get());
  // A session whose terminal it is, as of a shell, and a job of it.
  EXPECT_TRUE(holds_in_child([&] {
    ::setsid();
    const Fd terminal(::open(path.c_str(), O_RDWR | O_CLOEXEC));
    const auto is_behind = [&] { return is_in_background(terminal.get()); };
    const auto is_job_behind = [&] {
      ::setpgid(0, 0);
      return is_in_background(terminal.get());
    };
    return !is_behind() && holds_in_child(is_job_behind);
  }));
  // Of a terminal of another session, or none, nothing stops a process.
  const Fd terminal(::open(path.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_FALSE(is_in_background(terminal.get()));
  EXPECT_FALSE(is_in_background(-1));
}

}  // namespace
}  // namespace zc::os
