#include "os/program_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "os/fd.h"

namespace zc::os {

bool can_be_preloaded(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  return !fd || can_be_preloaded([&](std::uint64_t offset, void* out, std::size_t size) {
    return static_cast<std::ptrdiff_t>(::pread(fd.get(), out, size, static_cast<off_t>(offset)));
  });
}

}  // namespace zc::os
