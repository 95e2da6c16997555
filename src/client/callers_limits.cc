#include "client/callers_limits.h"

#include <array>
#include <cstdint>
#include <optional>

#include "os/resource_limit.h"
#include "os/signal.h"

namespace zc::client {

namespace {

constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kGiB = 1024 * kMiB;

// The arguments and the environment are in it, too; the client overflows one of 16 KiB.
constexpr std::uint64_t kEnoughStack = 256 * kKiB;

struct Roomy {
  os::Resource resource;
  std::string_view name;
  std::uint64_t from;  // at so much it has room for what we add
};

// In this order: a limit of files rules out more than the others. Those that nothing of ours uses
// are not here: locked memory, pending signals, message queues, priorities.
constexpr std::array kRoomy = {
    Roomy{os::Resource::kFileSize, "RLIMIT_FSIZE",
          4 * kGiB},  // more than the store keeps of one output
    Roomy{os::Resource::kAddressSpace, "RLIMIT_AS",
          os::kUnlimited},  // the observer's mapping and library
    Roomy{os::Resource::kData, "RLIMIT_DATA", os::kUnlimited},          // its tables
    Roomy{os::Resource::kProcessorSecs, "RLIMIT_CPU", os::kUnlimited},  // its time
    Roomy{os::Resource::kStack, "RLIMIT_STACK",
          8 * kMiB},  // its records, longer arguments and environment
    Roomy{os::Resource::kProcesses, "RLIMIT_NPROC", 1024},  // we are one more process
    Roomy{os::Resource::kOpenFiles, "RLIMIT_NOFILE", 64},   // the compiler opens one more depfile
};

}  // namespace

TightLimit find_tight_limit() {
  for (const Roomy& roomy : kRoomy) {
    const std::optional<os::ResourceLimit> limit = os::limit_on(roomy.resource);
    if (!limit || limit->soft < roomy.from) {
      return {.name = roomy.name, .is_about_files = roomy.resource == os::Resource::kFileSize};
    }
  }
  return {};
}

bool lacks_stack() {
  const std::optional<os::ResourceLimit> limit = os::limit_on(os::Resource::kStack);
  return limit && limit->soft < kEnoughStack;
}

void survive_file_size_limit() {
  const std::optional<os::ResourceLimit> limit = os::limit_on(os::Resource::kFileSize);
  if (limit && limit->soft != os::kUnlimited) {
    os::outlive_file_size_signal();
  }
}

}  // namespace zc::client
