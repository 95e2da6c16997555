#include "os/command.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/str.h"
#include "os/clock.h"
#include "os/fd.h"
#include "os/pipe.h"
#include "os/program_start.h"

namespace zc::os {

namespace {

// Of each stream. A program that prints more is no compiler that reports its version.
constexpr std::size_t kOutputBytesMax = std::size_t{1} << 20;

std::unexpected<Error> not_in_time() {
  return fail(Code::kTimeout, "the program did not end in time");
}

Result<pid_t> spawn(const Command& command, const Pipe& out, const Pipe& err) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out.write.get(), 1);
  posix_spawn_file_actions_adddup2(&actions, err.write.get(), 2);
  posix_spawn_file_actions_addchdir_np(&actions, command.cwd.c_str());
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigset_t none;
  sigfillset(&all);
  sigemptyset(&none);
  // The daemon blocks some signals and ignores others (os/signal.h), and a program would inherit
  // both.
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  pid_t pid = -1;
  const int failed =
      ::posix_spawn(&pid, command.args[0].c_str(), &actions, &attributes,
                    exec_vector(command.args).data(), exec_vector(command.env).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return fail_errno(failed, str_cat("cannot run ", command.args[0]));
  }
  return pid;
}

// Reads both pipes to their ends. Errors: kTimeout, kInvalid, kIo.
Result<> drain(const Fd& out, const Fd& err, std::int64_t deadline_ms, CommandOutput& into) {
  struct Stream {
    int fd;
    std::string* text;
    bool open;
  };
  std::array<Stream, 2> streams = {{{out.get(), &into.out, true}, {err.get(), &into.err, true}}};
  while (streams[0].open || streams[1].open) {
    std::array<pollfd, 2> waiting = {};
    for (std::size_t i = 0; i < streams.size(); ++i) {
      waiting[i] = {.fd = streams[i].open ? streams[i].fd : -1, .events = POLLIN, .revents = 0};
    }
    // The limit is one for the whole run: a program that prints a byte from time to time gains
    // nothing.
    const std::int64_t left_ms = deadline_ms - monotonic_ms();
    const int ready = left_ms <= 0 ? 0 : ::poll(waiting.data(), 2, static_cast<int>(left_ms));
    if (ready == 0) {
      return not_in_time();
    }
    for (std::size_t i = 0; i < streams.size(); ++i) {
      if (waiting[i].revents == 0) {
        continue;
      }
      char buffer[4096];
      const ssize_t n = ::read(streams[i].fd, buffer, sizeof buffer);
      if (n <= 0) {
        streams[i].open = n < 0 && errno == EINTR;
        continue;
      }
      streams[i].text->append(buffer, static_cast<std::size_t>(n));
      if (streams[i].text->size() > kOutputBytesMax) {
        return fail(Code::kInvalid, "the program prints too much");
      }
    }
  }
  return {};
}

// Waits until a child that has closed its streams ends: most do within a millisecond, but one may
// live on. Leaves its status to wait_for_child. Errors: kTimeout.
Result<> wait_for_end(pid_t pid, std::int64_t deadline_ms) {
  constexpr int kPauseMs = 1;
  siginfo_t child = {};  // without a pid as long as the child runs
  while (::waitid(P_PID, static_cast<id_t>(pid), &child, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         child.si_pid == 0) {
    if (monotonic_ms() >= deadline_ms) {
      return not_in_time();
    }
    sleep_ms(kPauseMs);
  }
  return {};
}

}  // namespace

Result<CommandOutput> PosixCommandRunner::run(const Command& command) {
  const std::int64_t deadline_ms = monotonic_ms() + command.timeout_ms;
  TRY_ASSIGN(Pipe out, make_pipe());
  TRY_ASSIGN(Pipe err, make_pipe());
  TRY_ASSIGN(const pid_t pid, spawn(command, out, err));
  out.write.reset();
  err.write.reset();
  CommandOutput result;
  Result<> ended = drain(out.read, err.read, deadline_ms, result);
  if (ended) {
    ended = wait_for_end(pid, deadline_ms);
  }
  if (!ended) {
    ::kill(pid, SIGKILL);
  }
  const ChildStatus status = wait_for_child(pid);
  if (!ended) {
    return fail(ended.error().code, str_cat(command.args[0], ": ", ended.error().message));
  }
  result.exit_code = status.signal == 0 ? status.exit_code : 128 + status.signal;
  return result;
}

}  // namespace zc::os
