#include "os/signal.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace zc::os {

Result<SignalSource> SignalSource::open_requests_to_end() {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) {
    ::sigaddset(&set, number);
  }
  Fd fd(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  // NOLINTNEXTLINE(concurrency-mt-unsafe): called before any thread starts, which inherit it
  if (!fd || ::sigprocmask(SIG_BLOCK, &set, nullptr) != 0) {
    return fail_errno(errno, "cannot set up signals");
  }
  return SignalSource(std::move(fd));
}

std::optional<int> SignalSource::take() const {
  signalfd_siginfo info = {};
  if (::read(fd_.get(), &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
    return std::nullopt;
  }
  return static_cast<int>(info.ssi_signo);
}

Result<Event> Event::open() {
  Fd fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!fd) {
    return fail_errno(errno, "cannot make an event");
  }
  return Event(std::move(fd));
}

void Event::set() const {
  const std::uint64_t one = 1;
  // Full means that it is set already.
  [[maybe_unused]] const ssize_t written = ::write(fd_.get(), &one, sizeof one);
}

void Event::clear() const {
  std::uint64_t times = 0;
  // Nothing to read means that it is clear already.
  [[maybe_unused]] const ssize_t taken = ::read(fd_.get(), &times, sizeof times);
}

FileSizeSignalOff::FileSizeSignalOff() : before_(::signal(SIGXFSZ, SIG_IGN)) {}

FileSizeSignalOff::~FileSizeSignalOff() {
  ::signal(SIGXFSZ, before_);
}

void outlive_file_size_signal() {
  struct sigaction action = {};
  if (::sigaction(SIGXFSZ, nullptr, &action) != 0 || action.sa_handler == SIG_IGN) {
    return;
  }
  // Not SIG_IGN, which would stay with what we execute.
  action.sa_handler = [](int) {};
  action.sa_flags = SA_RESTART;
  ::sigaction(SIGXFSZ, &action, nullptr);
}

void ignore_write_signals() {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
}

void expect_children() {
  ::signal(SIGCHLD, SIG_DFL);
}

}  // namespace zc::os
