// syscall(): what programs ask of the kernel without the function that is there for it. Those that
// open or look at a path are told like that function; others that name a path are told as '!'.
#include <fcntl.h>
#include <sys/syscall.h>

#include <cstdarg>

#include "observer/interpose.h"
#include "observer/open_kind.h"
#include "observer/record.h"

namespace zc::observer {

namespace {

struct Call {
  long number;
  long words[6];
};

// The path of a call, and what it does with it.
struct About {
  char kind = '\0';  // nothing to tell
  int directory = AT_FDCWD;
  long path = 0;
};

About about(const Call& call) {
  const long* const words = call.words;
  const int directory = static_cast<int>(words[0]);
  switch (call.number) {
    case SYS_open:
      return {.kind = open_kind(words[1]), .path = words[0]};
    case SYS_openat:
      return {.kind = open_kind(words[2]), .directory = directory, .path = words[1]};
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
    case SYS_chdir:
    case SYS_chroot:
    case SYS_clone:
    case SYS_clone3:
    case SYS_connect:
    case SYS_creat:
    case SYS_execve:
    case SYS_execveat:
    case SYS_fork:
    case SYS_getdents:
    case SYS_getdents64:
    case SYS_io_uring_setup:
    case SYS_link:
    case SYS_linkat:
    case SYS_mkdir:
    case SYS_mkdirat:
    case SYS_mknod:
    case SYS_mknodat:
    case SYS_mount:
    case SYS_name_to_handle_at:
    case SYS_open_by_handle_at:
    case SYS_openat2:
    case SYS_rename:
    case SYS_renameat:
    case SYS_renameat2:
    case SYS_rmdir:
    case SYS_socket:
    case SYS_symlink:
    case SYS_symlinkat:
    case SYS_truncate:
    case SYS_uname:
    case SYS_unlink:
    case SYS_unlinkat:
    case SYS_vfork:
      return {.kind = '!'};
    default:
      return {};
  }
}

}  // namespace

ZC_INTERPOSE(long, syscall, long number, ...) {
  Call call = {.number = number, .words = {}};
  va_list rest;
  va_start(rest, number);
  for (long& word : call.words) {
    word = va_arg(rest, long);
  }
  va_end(rest);
  const About what = about(call);
  Record record;
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
  return result;
}

}  // namespace zc::observer
