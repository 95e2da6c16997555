#include "os/program_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string_view>

#include "os/fd.h"

namespace zc::os {

namespace {

class OpenProgram {
 public:
  // Through symlinks, since programs are started so; and no FIFO blocks.
  explicit OpenProgram(const char* path)
      : fd_(::open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}

  std::ptrdiff_t read_at(std::uint64_t offset, void* out, std::size_t size) const {
    return ::pread(fd_.get(), out, size, static_cast<off_t>(offset));
  }

 private:
  Fd fd_;
};

}  // namespace

bool is_script(const std::string& path) {
  std::array<char, 2> head = {};
  return OpenProgram(path.c_str()).read_at(0, head.data(), head.size()) == std::ssize(head) &&
         std::string_view(head.data(), head.size()) == "#!";
}

Preload preload_of(const std::string& path) {
  return preload_of_file(OpenProgram(path.c_str()));
}

}  // namespace zc::os
