#include "support/refused_calls.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <thread>

namespace zc::test {

namespace {

bool refuse(const RefusedCall& call) {
  // Arguments have 64 bits; flags are in the lower half, which comes first.
  const auto argument_offset = static_cast<std::uint32_t>(offsetof(seccomp_data, args) +
                                                          sizeof(std::uint64_t) * call.argument);
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call.number, 0, 3),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument_offset),
      BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, call.flags, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<std::uint32_t>(call.error)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog filter = {.len = std::size(program), .filter = program};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

RefusedCall unnamed_files() {
  return {
      .number = SYS_openat, .argument = 2, .flags = O_TMPFILE & ~O_DIRECTORY, .error = EOPNOTSUPP};
}

RefusedCall names_for_open_files() {
  return {.number = SYS_linkat, .argument = 4, .flags = AT_SYMLINK_FOLLOW, .error = ENOENT};
}

bool run_without(const std::vector<RefusedCall>& calls, const std::function<void()>& run) {
  bool has_run = false;
  std::jthread([&] {
    for (const RefusedCall& call : calls) {
      if (!refuse(call)) {
        return;
      }
    }
    has_run = true;
    run();
  }).join();
  return has_run;
}

}  // namespace zc::test
