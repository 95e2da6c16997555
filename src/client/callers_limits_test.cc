#include "client/callers_limits.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "os/fd.h"

namespace zc::client {
namespace {

// What `check` returns in a child whose limit is `soft`; limits cannot be raised again.
template <class Check>
int in_child(int resource, rlim_t soft, Check check) {
  const pid_t child = ::fork();
  if (child == 0) {
    rlimit limit = {};
    ::getrlimit(resource, &limit);
    limit.rlim_cur = soft;
    ::_exit(::setrlimit(resource, &limit) != 0 ? 99 : check());
  }
  int status = -1;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

bool is_tight(int resource, rlim_t soft, std::string_view name) {
  return in_child(resource, soft, [name] { return find_tight_limit().name == name ? 1 : 0; }) == 1;
}

TEST(CallersLimits, EachThatCouldMatter) {
  struct Case {
    int resource;
    const char* name;
    rlim_t tight;
  };
  constexpr rlim_t kMiB = 1U << 20;
  for (const Case& one :
       {Case{RLIMIT_FSIZE, "RLIMIT_FSIZE", 0}, Case{RLIMIT_FSIZE, "RLIMIT_FSIZE", 100 * kMiB},
        Case{RLIMIT_AS, "RLIMIT_AS", 1024 * kMiB}, Case{RLIMIT_AS, "RLIMIT_AS", 1024 * 1024 * kMiB},
        Case{RLIMIT_DATA, "RLIMIT_DATA", 1024 * kMiB}, Case{RLIMIT_CPU, "RLIMIT_CPU", 3600},
        Case{RLIMIT_STACK, "RLIMIT_STACK", 4 * kMiB}, Case{RLIMIT_NPROC, "RLIMIT_NPROC", 100},
        Case{RLIMIT_NOFILE, "RLIMIT_NOFILE", 20}}) {
    EXPECT_TRUE(is_tight(one.resource, one.tight, one.name)) << one.name << ' ' << one.tight;
  }
}

TEST(CallersLimits, WhatIsUsualOrNotOurs) {
  ASSERT_EQ(find_tight_limit().name, "") << "these tests want the usual limits";
  EXPECT_TRUE(is_tight(RLIMIT_MEMLOCK, 0, ""));
  EXPECT_TRUE(is_tight(RLIMIT_SIGPENDING, 0, ""));
  EXPECT_TRUE(is_tight(RLIMIT_CORE, 0, ""));
  EXPECT_TRUE(is_tight(RLIMIT_STACK, rlim_t{8} << 20, ""));
  EXPECT_TRUE(is_tight(RLIMIT_NOFILE, 256, ""));
}

TEST(CallersLimits, ASmallStack) {
  EXPECT_FALSE(lacks_stack());
  EXPECT_EQ(in_child(RLIMIT_STACK, 128U << 10, [] { return lacks_stack() ? 1 : 0; }), 1);
  EXPECT_EQ(in_child(RLIMIT_STACK, 256U << 10, [] { return lacks_stack() ? 1 : 0; }), 0);
}

// The exit code is errno of a write beyond the limit.
int write_too_much() {
  const os::Fd fd(::memfd_create("limit", MFD_CLOEXEC));
  const std::string bytes(8192, 'x');
  const ssize_t first = ::write(fd.get(), bytes.data(), bytes.size());
  return first == 4096 && ::write(fd.get(), "x", 1) < 0 ? errno : 0;
}

TEST(CallersLimits, AWriteBeyondTheLimitIsAnError) {
  EXPECT_EQ(in_child(RLIMIT_FSIZE, 4096, write_too_much), -SIGXFSZ);
  EXPECT_EQ(in_child(RLIMIT_FSIZE, 4096,
                     [] {
                       survive_file_size_limit();
                       return write_too_much();
                     }),
            EFBIG);
}

TEST(CallersLimits, WhatWeBecomeIsEndedAsBefore) {
  const auto exec = [](bool is_ignored) {
    return in_child(RLIMIT_FSIZE, 4096, [is_ignored] {
      if (is_ignored) {
        ::signal(SIGXFSZ, SIG_IGN);
      }
      survive_file_size_limit();
      const os::Fd fd(::memfd_create("limit", 0));
      ::dup2(fd.get(), 1);
      ::execl("/bin/sh", "sh", "-c", "printf '%8192d' 1 2>/dev/null", nullptr);
      return 98;
    });
  };
  EXPECT_EQ(exec(false), -SIGXFSZ);
  EXPECT_GT(exec(true), 0) << "the shell was told, and went on";
}

}  // namespace
}  // namespace zc::client
