#include "os/signal.h"

#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace zc::os {

Result<SignalSource> SignalSource::open(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int number : signals) {
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

FileSizeSignalOff::FileSizeSignalOff() {
  struct sigaction ignore = {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGXFSZ, &ignore, &before_);
}

FileSizeSignalOff::~FileSizeSignalOff() {
  ::sigaction(SIGXFSZ, &before_, nullptr);
}

void ignore_write_signals() {
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);
}

}  // namespace zc::os
