#include "os/crash_dump.h"

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <ctime>

namespace zc::os {

namespace {

// Sanitizers have reports of their own for these signals.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kHasSanitizer = true;
#else
constexpr bool kHasSanitizer = false;
#endif

// The innermost frames; a deeper stack is cut.
constexpr int kFramesMax = 64;

// The code that failed may have held a lock that the dump needs. After this time SIGALRM ends the
// process without a whole dump.
constexpr unsigned kDumpSecs = 10;

struct Signal {
  int number;
  std::string_view name;
};
constexpr std::array kSignals = {
    Signal{SIGSEGV, "SIGSEGV"}, Signal{SIGABRT, "SIGABRT"}, Signal{SIGBUS, "SIGBUS"},
    Signal{SIGFPE, "SIGFPE"},   Signal{SIGILL, "SIGILL"},
};

// A handler gets nothing passed, so what it needs lies here. Set once, before it is installed.
int dump_directory = -1;
std::string_view name_of_program;
std::string_view build_of_program;
std::atomic<pid_t> dumping_thread = 0;
// A stack overflow leaves no room for a handler. This stack is the main thread's; other threads
// have one of their own (os/thread.cc).
alignas(16) std::array<char, std::size_t{64} << 10> alternate_stack;

// Text of bounded length, without allocation.
class Text {
 public:
  Text& operator<<(std::string_view text) {
    for (const char c : text) {
      if (used_ < bytes_.size()) {
        bytes_[used_++] = c;
      }
    }
    return *this;
  }
  Text& number(std::uint64_t value, unsigned base = 10) {
    std::array<char, 20> digits = {};
    std::size_t first = digits.size();
    do {
      digits[--first] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    return *this << std::string_view(digits.data() + first, digits.size() - first);
  }
  std::string_view view() const { return {bytes_.data(), used_}; }
  const char* terminated() {
    bytes_[used_ < bytes_.size() ? used_ : used_ - 1] = '\0';
    return bytes_.data();
  }

 private:
  std::array<char, 1024> bytes_ = {};
  std::size_t used_ = 0;
};

std::string_view name_of(int number) {
  const auto* const signal = std::ranges::find(kSignals, number, &Signal::number);
  return signal == kSignals.end() ? "signal" : signal->name;
}

void write_dump(int number, const siginfo_t& info) {
  const std::uint64_t now = static_cast<std::uint64_t>(::time(nullptr));
  Text name;
  name << "crash-";
  name.number(now) << "-" << name_of_program << "-" << name_of(number) << "-";
  name.number(static_cast<std::uint64_t>(::getpid())) << ".txt";
  // A new file in an open directory: no name that exists is followed or replaced.
  constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const int fd = ::openat(dump_directory, name.terminated(), kNew, 0600);
  if (fd < 0) {
    return;
  }
  std::array<char, 17> thread = {};
  ::prctl(PR_GET_NAME, thread.data(), 0UL, 0UL, 0UL);
  Text head;
  head << name_of_program << " " << build_of_program << "\ntime: ";
  head.number(now) << "\nsignal: " << name_of(number) << ", code ";
  head.number(static_cast<std::uint32_t>(info.si_code)) << ", address 0x";
  head.number(reinterpret_cast<std::uintptr_t>(info.si_addr), 16) << "\nprocess: ";
  head.number(static_cast<std::uint64_t>(::getpid())) << "\nthread: ";
  head.number(static_cast<std::uint64_t>(::gettid())) << " (" << thread.data() << ")\nstack:\n";
  [[maybe_unused]] const ssize_t written = ::write(fd, head.view().data(), head.view().size());
  std::array<void*, kFramesMax> frames = {};
  ::backtrace_symbols_fd(frames.data(), ::backtrace(frames.data(), kFramesMax), fd);
  ::close(fd);
}

void on_crash(int number, siginfo_t* info, void*) {
  pid_t first = 0;
  if (dumping_thread.compare_exchange_strong(first, ::gettid())) {
    ::signal(SIGALRM, SIG_DFL);
    ::alarm(kDumpSecs);
    write_dump(number, *info);
  } else if (first != ::gettid()) {
    // Another thread failed first, and ends the process once it has written.
    while (true) {
      ::pause();
    }
  }
  ::signal(number, SIG_DFL);
  ::raise(number);
}

}  // namespace

void dump_crashes(Fd dumps, std::string_view program, std::string_view build) {
  if (kHasSanitizer) {
    return;
  }
  dump_directory = dumps.release();
  name_of_program = program;
  build_of_program = build;
  // The first call loads a library, which a handler may not.
  void* frame = nullptr;
  ::backtrace(&frame, 1);
  const stack_t stack = {
      .ss_sp = alternate_stack.data(), .ss_flags = 0, .ss_size = alternate_stack.size()};
  ::sigaltstack(&stack, nullptr);
  for (const Signal& signal : kSignals) {
    struct sigaction action = {};
    action.sa_sigaction = on_crash;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    // The dump may fail as well; a fault whose signal is blocked ends the process.
    for (const Signal& other : kSignals) {
      ::sigaddset(&action.sa_mask, other.number);
    }
    ::sigaction(signal.number, &action, nullptr);
  }
}

}  // namespace zc::os
