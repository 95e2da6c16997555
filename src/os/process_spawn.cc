#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/str.h"
#include "os/file.h"
#include "os/pipe.h"
#include "os/process.h"

namespace zc::os {

namespace {

constexpr int kFirstInheritedFd = 3;
constexpr long kCloseRange = 436;

// Everything the child needs, allocated before the fork: after it, only async-signal-safe calls.
struct Image {
  std::vector<const char*> paths;
  std::vector<char*> args;
  std::vector<char*> env;
  const char* directory = nullptr;
  std::vector<int> fds;
  int error_pipe = -1;
};

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const std::string& text : texts) {
    out.push_back(const_cast<char*>(text.c_str()));
  }
  out.push_back(nullptr);
  return out;
}

void close_from(int first) {
  if (::syscall(kCloseRange, static_cast<unsigned>(first), ~0U, 0U) == 0) {
    return;
  }
  constexpr rlim_t kDescriptorsMax = 65'536;
  rlimit limit = {};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const int end = static_cast<int>(std::min(limit.rlim_cur, kDescriptorsMax));
  for (int fd = first; fd < end; ++fd) {
    ::close(fd);
  }
}

void reset_signals() {
  constexpr int kSignalsMax = 64;
  for (int number = 1; number <= kSignalsMax; ++number) {
    ::signal(number, SIG_DFL);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);  // NOLINT(concurrency-mt-unsafe): after fork
}

// Leaves open: the standard streams on /dev/null, the inherited descriptors from 3 on, and the
// error pipe after them. Returns the latter's new number.
int arrange_descriptors(Image& image) {
  const int end = kFirstInheritedFd + static_cast<int>(image.fds.size());
  // Out of the way first, so that no descriptor is overwritten before it has moved.
  for (int& fd : image.fds) {
    fd = ::fcntl(fd, F_DUPFD_CLOEXEC, end + 1);
  }
  const int error_pipe = ::fcntl(image.error_pipe, F_DUPFD_CLOEXEC, end + 1);
  const int null = ::open("/dev/null", O_RDWR);
  for (int fd = 0; fd < kFirstInheritedFd; ++fd) {
    ::dup2(null, fd);  // NOLINT(clang-analyzer-unix.StdCLibraryFunctions): fails where open did
  }
  int next = kFirstInheritedFd;
  for (const int fd : image.fds) {
    ::dup2(fd, next++);
  }
  ::dup3(error_pipe, end, O_CLOEXEC);
  close_from(end + 1);
  return end;
}

[[noreturn]] void give_up(int error_pipe, int err) {
  [[maybe_unused]] const ssize_t written = ::write(error_pipe, &err, sizeof err);
  ::_exit(127);
}

[[noreturn]] void become(Image& image) {
  const int error_pipe = arrange_descriptors(image);
  if (::chdir(image.directory) != 0 && ::chdir("/") != 0) {
    give_up(error_pipe, errno);
  }
  reset_signals();
  int err = ENOENT;
  for (const char* path : image.paths) {
    ::execve(path, image.args.data(), image.env.data());
    err = errno;
  }
  give_up(error_pipe, err);
}

// The process between us and the program: it starts the new session and exits, so that init
// adopts the program.
[[noreturn]] void start_session(Image& image) {
  ::setsid();
  const pid_t child = ::fork();
  if (child == 0) {
    become(image);
  }
  if (child < 0) {
    give_up(image.error_pipe, errno);
  }
  ::_exit(0);
}

}  // namespace

Result<> spawn_detached(const DetachedProgram& program) {
  TRY_ASSIGN(Pipe pipe, make_pipe());
  const Fd read_end = std::move(pipe.read);
  Fd write_end = std::move(pipe.write);
  Image image = {.paths = {},
                 .args = pointers_to(program.args),
                 .env = pointers_to(program.env),
                 .directory = program.directory.c_str(),
                 .fds = program.fds,
                 .error_pipe = write_end.get()};
  for (const std::string& path : program.paths) {
    image.paths.push_back(path.c_str());
  }
  const pid_t child = ::fork();
  if (child < 0) {
    return fail_errno(errno, "cannot fork");
  }
  if (child == 0) {
    start_session(image);
  }
  write_end.reset();
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  int err = 0;
  ssize_t n = 0;
  do {
    n = ::read(read_end.get(), &err, sizeof err);
  } while (n < 0 && errno == EINTR);
  if (n == static_cast<ssize_t>(sizeof err)) {
    return fail_errno(err, str_cat("cannot execute ", program.paths.back()));
  }
  return {};
}

}  // namespace zc::os
