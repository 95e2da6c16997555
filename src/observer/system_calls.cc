// syscall(): system calls that programs make without the C library's function for them. Calls that
// open or look at a path make the same events as that function; other calls that name a path make
// '!'. A ring of requests to the kernel would pass by all functions, so an observed program gets
// none, as from a kernel that has none (node then makes its calls one by one).
#include <fcntl.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <span>

#include "observer/answer.h"
#include "observer/channel.h"
#include "observer/event.h"
#include "observer/interpose.h"
#include "observer/open_kind.h"
#include "observer/random_numbers.h"

namespace zc::observer {

namespace {

// A call as it came: words of up to six arguments, whatever their types.
struct Call {
  long number;
  long words[6];
};

// The path of a call, and what the call does with it.
struct About {
  char kind = '\0';  // no event
  WayToWrite way = WayToWrite::kEmptied;
  int directory = AT_FDCWD;
  long path = 0;
};

// Calls about a path, its attributes, a connection, or another process, of which syscall()
// does not read the arguments.
constexpr long kUntold[] = {SYS_bind,
                            SYS_chdir,
                            SYS_chmod,
                            SYS_chown,
                            SYS_chroot,
                            SYS_clone,
                            SYS_clone3,
                            SYS_connect,
                            SYS_creat,
                            SYS_execve,
                            SYS_execveat,
                            SYS_fchdir,
                            SYS_fchmod,
                            SYS_fchmodat,
                            SYS_fchown,
                            SYS_fchownat,
                            SYS_fgetxattr,
                            SYS_flistxattr,
                            SYS_fork,
                            SYS_fremovexattr,
                            SYS_fsetxattr,
                            SYS_fstatfs,
                            SYS_futimesat,
                            SYS_getdents,
                            SYS_getdents64,
                            SYS_getxattr,
                            SYS_lchown,
                            SYS_lgetxattr,
                            SYS_link,
                            SYS_linkat,
                            SYS_listxattr,
                            SYS_llistxattr,
                            SYS_lremovexattr,
                            SYS_lsetxattr,
                            SYS_mkdir,
                            SYS_mkdirat,
                            SYS_mknod,
                            SYS_mknodat,
                            SYS_mount,
                            SYS_name_to_handle_at,
                            SYS_open_by_handle_at,
                            SYS_openat2,
                            SYS_pivot_root,
                            SYS_removexattr,
                            SYS_rename,
                            SYS_renameat,
                            SYS_renameat2,
                            SYS_rmdir,
                            SYS_sendmmsg,
                            SYS_sendmsg,
                            SYS_sendto,
                            SYS_setns,
                            SYS_setxattr,
                            SYS_socket,
                            SYS_statfs,
                            SYS_symlink,
                            SYS_symlinkat,
                            SYS_truncate,
                            SYS_uname,
                            SYS_unlink,
                            SYS_unlinkat,
                            SYS_unshare,
                            SYS_utime,
                            SYS_utimensat,
                            SYS_utimes,
                            SYS_vfork};

// Calls with answers (answer.h). These count for late code only, and so do the last, where the
// programs of the run are known.
constexpr long kLateAnswers[] = {SYS_getegid, SYS_geteuid,   SYS_getgid,           SYS_getrlimit,
                                 SYS_getuid,  SYS_prlimit64, SYS_sched_getaffinity};
struct ProcessAnswer {
  long number;
  const char* function;
};
constexpr ProcessAnswer kProcessAnswers[] = {{.number = SYS_getcpu, .function = "sched_getcpu"},
                                             {.number = SYS_getpgrp, .function = "getpgrp"},
                                             {.number = SYS_getpid, .function = "getpid"},
                                             {.number = SYS_getppid, .function = "getppid"},
                                             {.number = SYS_gettid, .function = "gettid"},
                                             {.number = SYS_sysinfo, .function = "sysinfo"}};

bool is_among(std::span<const long> numbers, long number) {
  return std::ranges::find(numbers, number) != numbers.end();
}

void record_answers(const void* caller, const Call& call) {
  if (call.number == SYS_umask) {
    record_answer(caller, "umask");
  } else if (call.number == SYS_getrandom) {
    record_random(caller, static_cast<std::size_t>(call.words[1]),
                  static_cast<unsigned>(call.words[2]));
  } else if (is_among(kLateAnswers, call.number)) {
    record_late_answer(caller, "syscall");
  }
  const auto* const found = std::ranges::find(kProcessAnswers, call.number, &ProcessAnswer::number);
  if (found != std::ranges::end(kProcessAnswers)) {
    record_process_answer(caller, found->function);
  }
}

About about(const Call& call) {
  const long* const words = call.words;
  const int directory = static_cast<int>(words[0]);
  switch (call.number) {
    case SYS_open:
      return {.kind = kind_of(words[1]), .way = way_of(words[1]), .path = words[0]};
    case SYS_openat:
      return {.kind = kind_of(words[2]),
              .way = way_of(words[2]),
              .directory = directory,
              .path = words[1]};
    case SYS_stat:
    case SYS_lstat:
    case SYS_access:
    case SYS_readlink:
      return {.kind = 'S', .path = words[0]};
    case SYS_newfstatat:
    case SYS_statx:
    case SYS_faccessat:
    case SYS_faccessat2:
    case SYS_readlinkat:
      return {.kind = 'S', .directory = directory, .path = words[1]};
    default:
      return {.kind = is_among(kUntold, call.number) ? '!' : '\0'};
  }
}

}  // namespace

ZC_INTERPOSE(long, syscall, long number, ...) {
  if (number == SYS_io_uring_setup && is_observing()) {
    errno = ENOSYS;
    return -1;
  }
  Call call = {.number = number, .words = {}};
  va_list rest;
  va_start(rest, number);
  // A caller may have passed fewer. The rest is then arbitrary, and ignored by the kernel.
  for (long& word : call.words) {
    word = va_arg(rest, long);
  }
  va_end(rest);
  record_answers(ZC_CALLER, call);
  const About what = about(call);
  Event record;
  if (what.kind == '!') {
    record.name("syscall");
  } else if (what.kind != '\0') {
    // NOLINTNEXTLINE(performance-no-int-to-ptr): a word of a system call is a number.
    record.path(what.directory, reinterpret_cast<const char*>(what.path));
  }
  const long* const words = call.words;
  const long result =
      ZC_NEXT(syscall)(number, words[0], words[1], words[2], words[3], words[4], words[5]);
  record.write(what.kind, error_of(result));
  if (what.kind == 'W' && what.way != WayToWrite::kEmptied && error_of(result) == 0) {
    record.write('I', static_cast<int>(what.way));
  }
  return result;
}

}  // namespace zc::observer
