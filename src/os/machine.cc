#include "os/machine.h"

#include <sys/utsname.h>

#include "base/str.h"
#include "os/file.h"

namespace zc::os {

std::string host_cpu() {
  constexpr std::uint64_t kBytesMax = 1U << 22;
  const Result<std::string> text = read_path("/proc/cpuinfo", kBytesMax);
  std::string out;
  if (!text) {
    return out;
  }
  for (const std::string_view line : split(*text, '\n')) {
    if (line.empty()) {
      break;  // The end of the first processor.
    }
    // "model" also takes the line "model name".
    for (const std::string_view name : {"vendor_id", "cpu family", "model", "stepping", "flags"}) {
      if (line.starts_with(name)) {
        str_append(out, line, '\n');
      }
    }
  }
  return out;
}

std::string host_name() {
  constexpr std::uint64_t kBytesMax = 4096;
  const Result<std::string> text = read_path("/proc/sys/kernel/hostname", kBytesMax);
  return std::string(text ? trim(*text) : std::string_view{});
}

std::string kernel_name() {
  utsname name = {};
  return ::uname(&name) == 0 ? str_cat(static_cast<const char*>(name.sysname), ' ',
                                       static_cast<const char*>(name.release), ' ',
                                       static_cast<const char*>(name.version), ' ',
                                       static_cast<const char*>(name.machine))
                             : std::string();
}

std::string boot_id() {
  constexpr std::uint64_t kBytesMax = 4096;
  const Result<std::string> text = read_path("/proc/sys/kernel/random/boot_id", kBytesMax);
  return std::string(text ? trim(*text) : std::string_view{});
}

}  // namespace zc::os
