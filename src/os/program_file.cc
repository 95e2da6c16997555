#include "os/program_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "os/fd.h"

namespace zc::os {

namespace {

// Through symlinks, since programs are started so; and no FIFO blocks.
Fd open_program(const std::string& path) {
  return Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

}  // namespace

bool is_script(const std::string& path) {
  const Fd fd = open_program(path);
  std::array<char, 2> head = {};
  return fd && ::pread(fd.get(), head.data(), head.size(), 0) == std::ssize(head) &&
         std::string_view(head.data(), head.size()) == "#!";
}

bool can_be_preloaded(const std::string& path) {
  const Fd fd = open_program(path);
  return !fd || can_be_preloaded([&](std::uint64_t offset, void* out, std::size_t size) {
    return static_cast<std::ptrdiff_t>(::pread(fd.get(), out, size, static_cast<off_t>(offset)));
  });
}

}  // namespace zc::os
