// World: what decides which file a path means to a process, beside the identity of its root
// directory: the mount of that, two namespaces and its personality. The daemon compares the
// client's with its own (ADR 19).
//
// Left out, since no path depends on them: the namespaces of network, machine name, message queues,
// control groups and time (which moves the clocks since the start of the machine only), and the
// bit of the personality that keeps addresses from being random.
//
// Thread: values.
#pragma once

#include <cstdint>
#include <string_view>

namespace zc::os {

struct World {
  // The mount that "/" is in. A chroot into a copy of it (mount --bind / elsewhere) has the same
  // namespaces, and even the same device and inode. A mount belongs to one mount namespace, and
  // keeps its number while a process stands in it, so this tells that one, too. 0: unknown.
  std::uint64_t root_mount = 0;
  // As /proc/self/ns/* numbers them. 0: unknown. A process holds its namespaces, so no
  // other one gets the number of a daemon's for as long as the daemon lives.
  std::uint64_t pid_namespace = 0;
  std::uint64_t user_namespace = 0;
  std::uint64_t personality = kUnknownPersonality;

  // As much as personality(2) never returns.
  static constexpr std::uint64_t kUnknownPersonality = ~std::uint64_t{0};
};

// Of this process. Four system calls. Errors: what cannot be learned (no /proc, a
// sandbox that refuses a call; root_mount before Linux 5.8) is left unknown.
World this_world();

// What differs, or is unknown on one of the sides, for people; empty when the worlds are the same.
std::string_view difference_of(const World& a, const World& b);

}  // namespace zc::os
