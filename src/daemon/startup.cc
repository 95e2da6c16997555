#include "daemon/startup.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/str.h"
#include "os/file.h"
#include "os/inheritance.h"
#include "os/lock.h"
#include "os/socket.h"
#include "wire/frame.h"
#include "wire/message.h"

namespace zc::daemon {

namespace {

constexpr int kReplyMs = 2'000;

// A program that the daemon runs must not inherit the pipe on which the starter waits.
os::Fd adopt(int fd) {
  if (fd >= 0 && ::fcntl(fd, F_SETFD, FD_CLOEXEC) != 0) {
    return os::Fd();
  }
  return os::Fd(fd);
}

Result<std::string> running_version(const std::string& endpoint, std::string_view own_version) {
  TRY_ASSIGN(os::Fd socket, os::connect_unix(endpoint));
  wire::Channel channel(std::move(socket));
  TRY_ASSIGN(const std::string request, wire::encode_plain(wire::Type::kStatus, own_version));
  TRY(channel.send(request));
  TRY_ASSIGN(const wire::Frame reply, channel.receive(kReplyMs));
  const std::optional<wire::Plain> plain = wire::decode_plain(reply.payload);
  if (reply.type != wire::Type::kStatusReply || !plain) {
    return fail(Code::kCorrupt, "the reply could not be decoded");
  }
  return std::string(plain->version);
}

}  // namespace

Starter::Starter(int ready_fd, int slot_fd) : ready_(adopt(ready_fd)), slot_(adopt(slot_fd)) {}

void Starter::ready() {
  say("R");
}

void Starter::give_up(std::string_view reason) {
  say(str_cat(reason, '\n'));
}

void Starter::say(std::string_view text) {
  // Releases the slot first: a client that learns that the daemon is ready may take it.
  slot_.reset();
  if (ready_) {
    // A starter that no longer waits needs no report.
    (void)os::write_all(ready_.get(), text);
    ready_.reset();
  }
}

Result<> redirect_output(const std::string& path) {
  TRY_ASSIGN(const os::Fd fd, os::open_path(path, O_WRONLY | O_APPEND | O_CREAT, 0600));
  os::mark_in_use(fd.get());
  if (::dup2(fd.get(), STDOUT_FILENO) < 0 || ::dup2(fd.get(), STDERR_FILENO) < 0) {
    return fail_errno(errno, str_cat("cannot write to ", path));
  }
  return {};
}

os::Fd hold_own_program() {
  Result<os::Fd> program = os::open_path("/proc/self/exe", O_RDONLY);
  if (!program) {
    return os::Fd();
  }
  os::mark_in_use(program->get());
  return *std::move(program);
}

void detach_from_parent(const std::string& directory) {
  // The kernel names a program that is executed by descriptor after the descriptor's number.
  ::prctl(PR_SET_NAME, "zccache-daemon", 0UL, 0UL, 0UL);
  ::umask(S_IRWXG | S_IRWXO);
  os::raise_limits();
  if (::chdir(directory.c_str()) != 0 && ::chdir("/") != 0) {
    return;  // Where we stand is as good as any place then.
  }
}

Result<> require_limits() {
  constexpr rlim_t kGiB = 1U << 30;
  struct Need {
    decltype(RLIMIT_AS) resource;
    rlim_t minimum;
    std::string_view name;
  };
  constexpr std::array kNeeds = {
      Need{RLIMIT_AS, 2 * kGiB, "address space (ulimit -v)"},
      Need{RLIMIT_DATA, kGiB, "data (ulimit -d)"},
      Need{RLIMIT_FSIZE, 2 * kGiB, "size of files (ulimit -f)"},
      Need{RLIMIT_NOFILE, 512, "open files (ulimit -n)"},
      Need{RLIMIT_CPU, 600, "processor time (ulimit -t)"},
      Need{RLIMIT_STACK, 256U << 10, "stack (ulimit -s)"},
  };
  for (const Need& need : kNeeds) {
    rlimit limit = {};
    if (::getrlimit(need.resource, &limit) == 0 && limit.rlim_max < need.minimum) {
      return fail(Code::kInvalid,
                  str_cat("the hard limit on ", need.name, " is ", std::uint64_t{limit.rlim_max},
                          ", and the daemon needs ", std::uint64_t{need.minimum},
                          "; run zccache start where there is no such limit"));
    }
  }
  return {};
}

std::string report(const lifecycle::Locations& locations, std::string_view own_version) {
  const Result<std::string> running = running_version(locations.endpoint, own_version);
  if (!running) {
    return str_cat("zccache-daemon ", own_version, ": no daemon at ", locations.endpoint, " (",
                   running.error().message, ")\n");
  }
  return str_cat("zccache-daemon ", own_version, ": version ", *running, " runs at ",
                 locations.endpoint, "\n");
}

}  // namespace zc::daemon
