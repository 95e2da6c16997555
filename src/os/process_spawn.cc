// spawn_detached: two forks. The first child starts a session and exits, so that init adopts the
// second one. That one sheds what a build has set for itself, copies the program, arranges its
// descriptors, and executes the copy.
//
// A pipe that closes on exec carries the errno value of a failure to the caller. Its end without a
// byte means that the program runs.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "base/str.h"
#include "os/file.h"
#include "os/inheritance.h"
#include "os/pipe.h"
#include "os/process.h"
#include "os/program_start.h"

namespace zc::os {

namespace {

constexpr int kFirstInheritedFd = 3;
// close_range(2) of Linux 5.9; older headers lack the name.
constexpr long kCloseRange = 436;
// While the copy is written; it then gets the mode of the original.
constexpr mode_t kProgramMode = 0700;

// Everything the child needs, allocated before the fork: after it, only async-signal-safe calls.
struct Image {
  int program = -1;
  int copy_directory = -1;
  const char* copy_name = nullptr;
  int copy = -1;
  std::string program_path;  // of the descriptors when they are executed
  std::string copy_path;
  std::vector<char*> args;
  std::vector<char*> env;
  const char* directory = nullptr;
  std::vector<int> fds;
  int error_pipe = -1;
};

void close_from(int first) {
  if (::syscall(kCloseRange, static_cast<unsigned>(first), ~0U, 0U) == 0) {
    return;
  }
  // Before Linux 5.9: one call for each number, of which a limit may allow a billion.
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

// Our standard streams belong to a build, which may wait for their end. A world without /dev/null
// gets a directory, from which nothing can be read and to which nothing can be written.
void let_go_of_streams() {
  int nothing = ::open("/dev/null", O_RDWR);
  if (nothing < 0) {
    nothing = ::open("/", O_RDONLY | O_DIRECTORY);
  }
  for (int fd = 0; fd < kFirstInheritedFd; ++fd) {
    ::dup2(nothing, fd);  // NOLINT(clang-analyzer-unix.StdCLibraryFunctions): fails where open did
  }
}

// Leaves open: the standard streams, the inherited descriptors from 3 on, and after them, up to the
// exec, what is our own.
void arrange_descriptors(Image& image) {
  const int first_own = kFirstInheritedFd + static_cast<int>(image.fds.size());
  int* const own[] = {&image.program, &image.copy, &image.copy_directory, &image.error_pipe};
  const int end = first_own + static_cast<int>(std::size(own));
  // Out of the way first, so that no descriptor is overwritten before it has moved.
  for (int& fd : image.fds) {
    fd = ::fcntl(fd, F_DUPFD_CLOEXEC, end);
  }
  for (int* fd : own) {
    *fd = *fd < 0 ? -1 : ::fcntl(*fd, F_DUPFD_CLOEXEC, end);
  }
  let_go_of_streams();
  int next = kFirstInheritedFd;
  for (const int fd : image.fds) {
    ::dup2(fd, next++);
  }
  for (int* fd : own) {
    *fd = *fd < 0 ? -1 : ::dup3(*fd, next, O_CLOEXEC);
    ++next;
  }
  close_from(end);
}

// A descriptor of the finished copy, or -1. It is opened anew, because nothing can be executed that
// is open for writing.
int make_copy(const Image& image) {
  constexpr int kNew = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const int directory = image.copy_directory;
  struct stat source = {};
  struct stat made = {};
  struct stat found = {};
  const int out = directory < 0 ? -1 : ::openat(directory, image.copy_name, kNew, kProgramMode);
  if (out < 0) {
    return -1;
  }
  const bool complete = ::fstat(image.program, &source) == 0 &&
                        copy_fd(image.program, out, static_cast<std::uint64_t>(source.st_size)) &&
                        ::fchmod(out, source.st_mode & (S_IRWXU | S_IRWXG | S_IRWXO)) == 0 &&
                        ::fstat(out, &made) == 0 && made.st_size == source.st_size;
  ::close(out);
  const int copy =
      complete ? ::openat(directory, image.copy_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) : -1;
  if (copy >= 0 && ::fstat(copy, &found) == 0 && found.st_dev == made.st_dev &&
      found.st_ino == made.st_ino) {
    return copy;
  }
  ::unlinkat(directory, image.copy_name, 0);
  return -1;
}

// By descriptor, or by its name in /proc where a system call filter does not know execveat.
// Returns the errno of a failure.
int execute(int program, const std::string& name, const Image& image) {
  ::syscall(SYS_execveat, program, "", image.args.data(), image.env.data(), AT_EMPTY_PATH);
  if (errno == ENOSYS || errno == EPERM) {
    ::execve(name.c_str(), image.args.data(), image.env.data());
  }
  return errno;
}

[[noreturn]] void give_up(int error_pipe, int err) {
  [[maybe_unused]] const ssize_t written = ::write(error_pipe, &err, sizeof err);
  ::_exit(127);
}

[[noreturn]] void become(Image& image) {
  shed_inheritance();
  // A hard limit on the size of files stays. It then makes the copy fail, but does not end this
  // process, which runs the program itself.
  ::signal(SIGXFSZ, SIG_IGN);
  image.copy = make_copy(image);
  arrange_descriptors(image);
  if (::chdir(image.directory) != 0 && ::chdir("/") != 0) {
    give_up(image.error_pipe, errno);
  }
  reset_signals();
  if (image.copy >= 0) {
    // Returns only if the copy cannot be executed, as on a file system mounted with noexec.
    execute(image.copy, image.copy_path, image);
    ::unlinkat(image.copy_directory, image.copy_name, 0);
  }
  give_up(image.error_pipe, execute(image.program, image.program_path, image));
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
  const int first_own = kFirstInheritedFd + static_cast<int>(program.fds.size());
  Image image = {.program = program.program,
                 .copy_directory = program.copy_directory,
                 .copy_name = program.copy_name.c_str(),
                 .program_path = str_cat("/proc/self/fd/", first_own),
                 .copy_path = str_cat("/proc/self/fd/", first_own + 1),
                 .args = exec_vector(program.args),
                 .env = exec_vector(program.env),
                 .directory = program.directory.c_str(),
                 .fds = program.fds,
                 .error_pipe = pipe.write.get()};
  const pid_t child = ::fork();
  if (child < 0) {
    return fail_errno(errno, "cannot fork");
  }
  if (child == 0) {
    start_session(image);
  }
  pipe.write.reset();
  wait_for_child(child);
  int err = 0;
  const Result<std::size_t> n =
      read_some(pipe.read.get(), reinterpret_cast<char*>(&err), sizeof err);
  if (n && *n == sizeof err) {
    return fail_errno(err, str_cat("cannot execute ", program.args.front()));
  }
  return {};
}

}  // namespace zc::os
