#include "os/process.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/str.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/machine.h"

namespace zc::os {

namespace {

constexpr std::uint64_t kProcFileBytesMax = 64U << 10;

// Numbers common to all architectures; older headers lack the names.
constexpr long kPidfdSendSignal = 424;
constexpr long kPidfdOpen = 434;

std::string proc_path(pid_t pid, std::string_view file) {
  return str_cat("/proc/", static_cast<long>(pid), '/', file);
}

// The fields of /proc/<pid>/stat from the third on. The second is the program's name in
// parentheses and may contain anything, so the last ')' ends it.
Result<std::string> stat_fields(pid_t pid) {
  TRY_ASSIGN(const std::string text, read_path(proc_path(pid, "stat"), kProcFileBytesMax));
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos || name_end + 2 >= text.size()) {
    return fail(Code::kCorrupt, "cannot understand /proc/<pid>/stat");
  }
  return text.substr(name_end + 2);
}

// The field of this number (proc(5)) in what `stat_fields` returns. Errors: kCorrupt.
Result<std::uint64_t> stat_number(std::string_view text, std::size_t number) {
  constexpr std::size_t kFirst = 3;
  const std::vector<std::string_view> fields = split(text, ' ');
  const std::optional<std::uint64_t> out =
      fields.size() > number - kFirst ? parse_u64(fields[number - kFirst]) : std::nullopt;
  return out ? Result<std::uint64_t>(*out)
             : fail(Code::kCorrupt, "cannot understand /proc/<pid>/stat");
}

// Errors: as identity_of.
Result<bool> has_ended(pid_t pid) {
  constexpr std::size_t kThreads = 20;
  TRY_ASSIGN(const std::string text, stat_fields(pid));
  TRY_ASSIGN(const std::uint64_t threads, stat_number(text, kThreads));
  return text[0] == 'Z' && threads <= 1;
}

}  // namespace

std::string ProcessIdentity::text() const {
  return str_cat(static_cast<long>(pid), '\n', start_ticks, '\n', boot_id, '\n');
}

std::optional<ProcessIdentity> ProcessIdentity::parse(std::string_view text) {
  const std::vector<std::string_view> lines = split(text, '\n');
  if (lines.size() != 4 || !lines[3].empty()) {
    return std::nullopt;
  }
  TRY_ASSIGN(const std::uint64_t pid, parse_u64(lines[0]));
  TRY_ASSIGN(const std::uint64_t start, parse_u64(lines[1]));
  constexpr std::uint64_t kPidMax = 0x7fffffff;
  if (pid < 2 || pid > kPidMax) {
    return std::nullopt;
  }
  return ProcessIdentity{
      .pid = static_cast<pid_t>(pid), .start_ticks = start, .boot_id = std::string(lines[2])};
}

Result<ProcessIdentity> identity_of(pid_t pid) {
  constexpr std::size_t kStartTime = 22;
  TRY_ASSIGN(const std::string text, stat_fields(pid));
  TRY_ASSIGN(const std::uint64_t start, stat_number(text, kStartTime));
  return ProcessIdentity{.pid = pid, .start_ticks = start, .boot_id = boot_id()};
}

Result<char> process_state(pid_t pid) {
  TRY_ASSIGN(const std::string text, stat_fields(pid));
  return text[0];
}

Result<std::string> executable_of(pid_t pid) {
  return executable_behind(proc_path(pid, "exe"));
}

Result<std::string> executable_behind(const std::string& link) {
  constexpr std::string_view kDeleted = " (deleted)";
  std::string path(4096, '\0');
  const ssize_t size = ::readlink(link.c_str(), path.data(), path.size());
  if (size < 0) {
    return fail_errno(errno, str_cat("cannot read ", link));
  }
  path.resize(static_cast<std::size_t>(size));
  if (path.ends_with(kDeleted)) {
    path.resize(path.size() - kDeleted.size());
  }
  return path;
}

Result<Fd> open_process_end(pid_t pid) {
  Fd fd(static_cast<int>(::syscall(kPidfdOpen, pid, 0)));
  if (!fd) {
    return fail_errno(errno == ESRCH ? ENOENT : errno,
                      str_cat("no handle of process ", static_cast<long>(pid)));
  }
  return fd;
}

Result<ProcessHandle> ProcessHandle::open(const ProcessIdentity& identity) {
  // The handle first, the check after it: what is checked is then what the handle means.
  Fd fd(static_cast<int>(::syscall(kPidfdOpen, identity.pid, 0)));
  if (!fd && errno == ESRCH) {
    return fail_errno(ENOENT, str_cat("no process ", static_cast<long>(identity.pid)));
  }
  TRY_ASSIGN(const ProcessIdentity found, identity_of(identity.pid));
  if (found != identity) {
    return fail(Code::kNotFound,
                str_cat("process ", static_cast<long>(identity.pid), " is another one now"));
  }
  return ProcessHandle(identity, std::move(fd));
}

// The thread a process began with may have ended, which shows as a zombie, while others go on and
// hold its files, sockets and locks.
bool ProcessHandle::is_gone() const {
  if (fd_) {
    // Readable once the last thread has ended (pidfd_open(2)).
    pollfd ended = {.fd = fd_.get(), .events = POLLIN, .revents = 0};
    return ::poll(&ended, 1, 0) > 0;
  }
  const Result<ProcessIdentity> now = identity_of(identity_.pid);
  const Result<bool> ended = has_ended(identity_.pid);
  return !now || *now != identity_ || !ended || *ended;
}

Result<> ProcessHandle::signal(int number) const {
  int result = 0;
  if (fd_) {
    result = static_cast<int>(::syscall(kPidfdSendSignal, fd_.get(), number, nullptr, 0));
  } else if (is_gone()) {
    result = -1;
    errno = ESRCH;
  } else {
    // Without a pidfd: the pid would have to be given to another process between these two lines.
    result = ::kill(identity_.pid, number);
  }
  if (result == 0) {
    return {};
  }
  const int err = errno == ESRCH ? ENOENT : errno;
  return fail_errno(err, str_cat("cannot signal process ", static_cast<long>(identity_.pid)));
}

Result<> ProcessHandle::kill() const {
  return signal(SIGKILL);
}

bool ProcessHandle::wait_gone(int timeout_ms) const {
  constexpr int kPauseMs = 5;
  const Deadline deadline(timeout_ms);
  while (!is_gone()) {
    if (deadline.passed()) {
      return false;
    }
    if (fd_) {
      pollfd waiting = {.fd = fd_.get(), .events = POLLIN, .revents = 0};
      ::poll(&waiting, 1, deadline.left_ms());
    } else {
      sleep_ms(std::min(kPauseMs, deadline.left_ms()));
    }
  }
  return true;
}

}  // namespace zc::os
