#include "os/job_server.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include "base/str.h"
#include "os/fd.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

TEST(JobServer, IsInTheFlagsOfMake) {
  EXPECT_EQ(job_server_in(" -j8 --jobserver-auth=3,4"), (JobServer{.jobs = 8, .fifo = {}}));
  EXPECT_EQ(job_server_in("k -j12 --jobserver-auth=fifo:/tmp/GMfifo7 -- A=-j9"),
            (JobServer{.jobs = 12, .fifo = "/tmp/GMfifo7"}));
  EXPECT_EQ(job_server_in("-j --jobserver-fds=8,11"), (JobServer{.jobs = {}, .fifo = {}}));
  EXPECT_FALSE(job_server_in(""));
  EXPECT_FALSE(job_server_in(" -- X=--jobserver-auth=3,4"));
  EXPECT_FALSE(job_server_in("-j1"));
}

TEST(JobServer, IsThatOfAProcess) {
  Fd ready;
  Fd told;
  int ends[2] = {};
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  ready = Fd(ends[0]);
  told = Fd(ends[1]);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const char* const words[] = {"sleep", "600", nullptr};
    const char* const environment[] = {"A=B", "MAKEFLAGS= -j3 --jobserver-auth=3,4", nullptr};
    ::execve("/bin/sleep", const_cast<char* const*>(words), const_cast<char* const*>(environment));
    ::_exit(1);
  }
  told = Fd();
  char byte = 0;
  EXPECT_EQ(::read(ready.get(), &byte, 1), 0);  // the child has become the program
  EXPECT_EQ(job_server_of(static_cast<std::uint64_t>(child)), (JobServer{.jobs = 3, .fifo = {}}));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(job_server_of(static_cast<std::uint64_t>(child)));
}

TEST(JobServer, CountsTokensAndTakesNone) {
  const test::TemporaryDirectory directory;
  const std::string path = directory / "fifo";
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const auto fifo = open_path(path, O_RDWR | O_CLOEXEC);
  ASSERT_TRUE(fifo && write_all(fifo->get(), "+++"));
  const JobServer server = {.jobs = 4, .fifo = path};
  EXPECT_EQ(free_jobs(server), 3U);
  EXPECT_EQ(free_jobs(server), 3U);
  EXPECT_FALSE(free_jobs({.jobs = 4, .fifo = "/dev/null"}));
  EXPECT_FALSE(free_jobs({.jobs = 4, .fifo = directory / "nothing"}));
  EXPECT_FALSE(free_jobs({.jobs = 4, .fifo = {}}));
}

}  // namespace
}  // namespace zc::os
