#include "os/world.h"

#include <fcntl.h>
#include <sys/personality.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "os/fd.h"

namespace zc::os {

namespace {

// This value changes nothing: personality(2) then returns the present one.
constexpr unsigned long kAskOnly = 0xffffffff;

// PIDFD_GET_PID_NAMESPACE and PIDFD_GET_USER_NAMESPACE of linux/pidfd.h, of Linux 6.11.
constexpr int kPidNamespaceOf = 0xff05;
constexpr int kUserNamespaceOf = 0xff09;

// 0: this kernel cannot tell by the descriptor of a process. The call is direct, since C libraries
// differ in the type of its second argument.
std::uint64_t namespace_of(const Fd& process, int which) {
  const Fd found(process ? static_cast<int>(::syscall(SYS_ioctl, process.get(), which, 0)) : -1);
  struct stat info;
  return found && ::fstat(found.get(), &info) == 0 ? info.st_ino : 0;
}

// The link says "pid:[4026531841]".
std::uint64_t number_in(const char* link) {
  char text[64];
  const ssize_t size = ::readlink(link, text, sizeof text);
  std::uint64_t number = 0;
  for (ssize_t i = 0; i < size; ++i) {
    if (text[i] >= '0' && text[i] <= '9') {
      number = number * 10 + static_cast<std::uint64_t>(text[i] - '0');
    }
  }
  return number;
}

// The answer of statx(2), as far as we need it: older C libraries do not know of mounts.
struct StatxAnswer {
  std::uint32_t mask;
  unsigned char not_asked_for[140];
  std::uint64_t mount_id;
  unsigned char the_rest[104];
};
static_assert(sizeof(StatxAnswer) == 256);
// STATX_MNT_ID, of Linux 5.8.
constexpr unsigned int kMountId = 0x1000;

std::uint64_t mount_of(const char* path) {
  StatxAnswer found = {};
  const long failed = ::syscall(SYS_statx, AT_FDCWD, path, 0, kMountId, &found);
  return failed == 0 && (found.mask & kMountId) != 0 ? found.mount_id : 0;
}

// An unknown number does not even equal itself.
bool is_same(std::uint64_t a, std::uint64_t b) {
  return a == b && a != 0;
}

}  // namespace

// The names below /proc cost a process that has just started more than all the rest: the kernel has
// yet to make them.
World this_world() {
  World world = {.root_mount = mount_of("/")};
  {
    const Fd self(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    world.pid_namespace = namespace_of(self, kPidNamespaceOf);
    world.user_namespace = namespace_of(self, kUserNamespaceOf);
  }
  if (world.pid_namespace == 0 || world.user_namespace == 0) {
    world.pid_namespace = number_in("/proc/self/ns/pid");
    world.user_namespace = number_in("/proc/self/ns/user");
  }
  if (const int personality = ::personality(kAskOnly); personality >= 0) {
    world.personality =
        static_cast<unsigned int>(personality) & ~static_cast<unsigned int>(ADDR_NO_RANDOMIZE);
  }
  return world;
}

std::string_view difference_of(const World& a, const World& b) {
  constexpr std::array<std::pair<std::uint64_t World::*, std::string_view>, 3> kParts = {{
      {&World::root_mount, "the root directory"},
      {&World::pid_namespace, "the pid namespace"},
      {&World::user_namespace, "the user namespace"},
  }};
  for (const auto& [part, name] : kParts) {
    if (!is_same(a.*part, b.*part)) {
      return name;
    }
  }
  if (a.personality != b.personality || a.personality == World::kUnknownPersonality) {
    return "the personality (setarch)";
  }
  return {};
}

}  // namespace zc::os
