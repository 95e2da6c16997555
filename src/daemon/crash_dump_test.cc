#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <functional>

#include "daemon/startup.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/thread.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

namespace zc::daemon {
namespace {

using test::kWaitMs;

class CrashDump : public ::testing::Test {
 protected:
  CrashDump() { at_.state = directory_ / "state"; }

  // The signal that ends a process which does `crash`; 0: none did in time.
  int signal_of(std::string_view build, const std::function<void()>& crash) const {
    const pid_t child = ::fork();
    if (child == 0) {
      if (dump_crashes(at_, build)) {
        crash();
      }
      ::_exit(1);
    }
    const os::Deadline deadline(kWaitMs);
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
      if (deadline.passed()) {
        ::kill(child, SIGKILL);
        ::waitpid(child, nullptr, 0);
        return 0;
      }
      os::sleep_ms(1);
    }
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  }

  std::string dumps() const {
    std::string out;
    for (const auto& entry : std::filesystem::directory_iterator(at_.crashes())) {
      out += os::read_path(entry.path(), 1U << 20).value_or("");
    }
    return out;
  }

  test::TemporaryDirectory directory_;
  lifecycle::Locations at_;
};

// After a crash nothing is certain, so the dump itself may fail. It must still be the end.
TEST_F(CrashDump, AFaultInTheDumpEndsTheProcess) {
  constexpr std::size_t kBytes = 4096;
  void* const unreadable = ::mmap(nullptr, kBytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  const os::Fd empty(::memfd_create("empty", MFD_CLOEXEC));
  void* const beyond_the_end = ::mmap(nullptr, kBytes, PROT_READ, MAP_SHARED, empty.get(), 0);
  for (void* const place : {unreadable, beyond_the_end}) {
    ASSERT_NE(place, MAP_FAILED);
    const std::string_view build(static_cast<const char*>(place), 10);
    for (const int number : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL}) {
      EXPECT_NE(signal_of(build, [&] { ::raise(number); }), 0)
          << number << (place == unreadable ? ", then SIGSEGV" : ", then SIGBUS");
    }
    EXPECT_NE(signal_of(build, [] { ::abort(); }), 0);
  }
}

constexpr std::size_t kDeep = std::size_t{1} << 40;

std::size_t overflow(std::size_t depth) {  // NOLINT(misc-no-recursion): it is meant to
  volatile char page[4096] = {};
  page[0] = static_cast<char>(depth);
  return depth == 0 ? 0 : overflow(depth - 1) + static_cast<std::size_t>(page[0]);
}

// There, only another stack has room for the handler.
TEST_F(CrashDump, AStackThatIsFullLeavesADump) {
  const auto in_main = [] {
    constexpr rlimit kUsual = {.rlim_cur = 8U << 20, .rlim_max = 8U << 20};
    ::setrlimit(RLIMIT_STACK, &kUsual);
    (void)overflow(kDeep);
  };
  EXPECT_EQ(signal_of("in the main thread", in_main), SIGSEGV);
  const auto in_a_thread = [] {
    ASSERT_TRUE(os::start_thread(os::kThreadStackBytes, [] { (void)overflow(kDeep); }));
    while (true) {
      ::pause();
    }
  };
  EXPECT_EQ(signal_of("in another thread", in_a_thread), SIGSEGV);
  EXPECT_THAT(dumps(), ::testing::HasSubstr("in the main thread\n"));
  EXPECT_THAT(dumps(), ::testing::HasSubstr("in another thread\n"));
}

}  // namespace
}  // namespace zc::daemon

#endif
