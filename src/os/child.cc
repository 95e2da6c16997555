#include "os/child.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "base/str.h"
#include "os/clock.h"
#include "os/fd.h"
#include "os/pipe.h"
#include "os/terminal.h"

namespace zc::os {

namespace {

constexpr std::size_t kReadBytes = std::size_t{16} << 10;
// The signals by which terminals and build tools end a command. SIGKILL cannot be forwarded: see
// PR_SET_PDEATHSIG below.
constexpr std::array kForwarded = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

// Written by the handler, read by the loop, and the reverse: the only state that a signal handler
// may touch. `showing_for` is the child whose messages are being shown just now, or 0.
volatile sig_atomic_t pending_signal = 0;
volatile sig_atomic_t showing_for = 0;

// While a message is being shown, its reader may have stopped reading, and then the loop never
// comes to forward the signal. So the signal ends the child and us at once, as it would have ended
// the compiler.
void remember_signal(int signal) {
  pending_signal = signal;
  if (showing_for != 0) {
    ::kill(showing_for, signal);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
  }
}

// Handlers for the signals that we forward, put back at the end. What the user ignores stays so,
// but for the end of our own child.
class SignalForwarding {
 public:
  SignalForwarding() {
    for (std::size_t i = 0; i < kForwarded.size(); ++i) {
      ::sigaction(kForwarded[i], nullptr, &old_[i]);
      if (old_[i].sa_handler == SIG_IGN) {
        continue;
      }
      struct sigaction action = {};
      action.sa_handler = remember_signal;
      ::sigaction(kForwarded[i], &action, nullptr);
    }
    // While SIGCHLD is ignored, the kernel discards how children ended (waitpid(2), NOTES).
    struct sigaction usual = {};
    usual.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &usual, &old_child_end_);
  }
  SignalForwarding(const SignalForwarding&) = delete;
  SignalForwarding& operator=(const SignalForwarding&) = delete;
  ~SignalForwarding() { restore(); }

  // Also in the child between fork and exec.
  void restore() const {
    ::sigaction(SIGCHLD, &old_child_end_, nullptr);
    for (std::size_t i = 0; i < kForwarded.size(); ++i) {
      ::sigaction(kForwarded[i], &old_[i], nullptr);
    }
  }

 private:
  std::array<struct sigaction, kForwarded.size()> old_ = {};
  struct sigaction old_child_end_ = {};
};

// In a child: a client that is killed takes the compiler with it, as if the compiler had been
// killed itself.
void die_with(pid_t parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) {
    ::_exit(127);  // The client was killed before prctl could tie us to it.
  }
}

// vfork: the client is small, but fork would still copy its page tables; the child only makes
// system calls until it is the compiler. `exec_errno` is in shared memory meanwhile.
pid_t start(const char* path, char* const* args, char* const* environment, const Pipe& out,
            const Pipe& err, const SignalForwarding& signals, volatile int& exec_errno) {
  const pid_t parent = ::getpid();
  // The analyzer knows no call but exec after vfork; these are bare system calls, on memory that
  // the parent, which waits, does not touch.
  // NOLINTBEGIN(clang-analyzer-security.insecureAPI.vfork,bugprone-unsafe-functions)
  // NOLINTBEGIN(clang-analyzer-unix.Vfork)
  const pid_t pid = ::vfork();
  if (pid != 0) {
    return pid;
  }
  die_with(parent);
  ::dup2(out.write.get(), 1);
  ::dup2(err.write.get(), 2);
  signals.restore();
  ::execve(path, args, environment);
  exec_errno = errno;
  ::_exit(127);
  // NOLINTEND(clang-analyzer-unix.Vfork)
  // NOLINTEND(clang-analyzer-security.insecureAPI.vfork,bugprone-unsafe-functions)
}

void forward_signal_to(pid_t pid) {
  if (const int signal = pending_signal; signal != 0) {
    pending_signal = 0;
    ::kill(pid, signal);
  }
}

ChildStatus wait_and_forward(pid_t pid) {
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) {
      return {.exit_code = 1};
    }
    forward_signal_to(pid);
  }
  return status_from_wait(status);
}

class Capture {
 public:
  Capture(pid_t pid, const Fd& out, const Fd& err, StreamSink& sink, int drain_ms, int limit_ms)
      : pid_(pid),
        sink_(sink),
        drain_ms_(drain_ms),
        end_(limit_ms < 0 ? std::nullopt : std::optional(Deadline(limit_ms))),
        // Readable once the child has ended. Invalid before Linux 5.3: then only the ends of both
        // streams end the run.
        pidfd_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {
    waiting_[0] = {.fd = out.get(), .events = POLLIN, .revents = 0};
    waiting_[1] = {.fd = err.get(), .events = POLLIN, .revents = 0};
    waiting_[2] = {.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  }

  // Until both streams have ended, or the child has and nothing more comes.
  void run() {
    while (waiting_[0].fd >= 0 || waiting_[1].fd >= 0) {
      const bool ended = waiting_[2].fd < 0 && pidfd_.valid();
      const int ready = ::poll(waiting_.data(), waiting_.size(), patience_ms(ended));
      forward_signal_to(pid_);
      if (ready < 0) {
        continue;  // EINTR; nothing else can happen with our own descriptors.
      }
      if (ready == 0 && !ended) {
        end_.reset();
        ::kill(pid_, SIGKILL);
        continue;
      }
      if (ready == 0) {
        return;
      }
      read_some(0);
      read_some(1);
      if (waiting_[2].revents != 0) {
        waiting_[2].fd = -1;
      }
    }
  }

 private:
  int patience_ms(bool has_ended) const {
    return has_ended ? drain_ms_ : end_ ? end_->left_ms() : -1;
  }

  void read_some(std::size_t which) {
    pollfd& stream = waiting_[which];
    if (stream.fd < 0 || stream.revents == 0) {
      return;
    }
    char buffer[kReadBytes];
    const ssize_t n = ::read(stream.fd, buffer, sizeof buffer);
    if (n < 0 && errno == EINTR) {
      return;
    }
    if (n <= 0) {
      stream.fd = -1;
      return;
    }
    const std::string_view bytes(buffer, static_cast<std::size_t>(n));
    showing_for = pid_;
    which == 0 ? sink_.on_stdout(bytes) : sink_.on_stderr(bytes);
    showing_for = 0;
  }

  pid_t pid_;
  StreamSink& sink_;
  int drain_ms_;
  std::optional<Deadline> end_;  // of the child, if it does not end by itself
  Fd pidfd_;
  std::array<pollfd, 3> waiting_ = {};
};

}  // namespace

Result<ChildStatus> run_child(const char* path, char* const* args, char* const* environment,
                              StreamSink& sink, int drain_ms, int limit_ms) {
  TRY_ASSIGN(Pipe out, make_pipe());
  TRY_ASSIGN(Pipe err, make_pipe_like(2));
  const SignalForwarding signals;
  volatile int exec_errno = 0;
  const pid_t pid = start(path, args, environment, out, err, signals, exec_errno);
  if (pid < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  // While our copies of the writing ends are open, the streams never end.
  out.write.reset();
  err.write.reset();
  // vfork has returned only after the exec or the exit, so the value is final.
  if (exec_errno != 0) {
    wait_for_child(pid);
    return fail_errno(exec_errno, str_cat("cannot run ", path));
  }
  Capture capture(pid, out.read, err.read, sink, drain_ms, limit_ms);
  capture.run();
  return wait_and_forward(pid);
}

Result<std::optional<ChildStatus>> continue_in_child() {
  const SignalForwarding signals;
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) {
    return fail_errno(errno, "cannot start a process");
  }
  if (pid != 0) {
    return wait_and_forward(pid);
  }
  die_with(parent);
  return std::nullopt;
}

Result<ChildStatus> run_on_path(char* const* args) {
  TRY_ASSIGN(const std::optional<ChildStatus> ended, continue_in_child());
  if (!ended) {
    ::execvp(args[0], args);
    ::_exit(127);
  }
  return *ended;
}

bool is_request_to_end(int signal) {
  return std::ranges::find(kForwarded, signal) != kForwarded.end();
}

void die_by(int signal) {
  ::signal(signal, SIG_DFL);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);  // NOLINT(concurrency-mt-unsafe): one thread
  ::raise(signal);
  ::_exit(128 + signal);  // A signal whose default is not to end the process.
}

}  // namespace zc::os
