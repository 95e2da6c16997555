#include "observer/loadable.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "observer/kernel.h"
#include "os/program_file.h"

namespace zc::observer {

namespace {

class OpenProgram {
 public:
  explicit OpenProgram(const char* path) : OpenProgram(AT_FDCWD, path) {}
  OpenProgram(int directory, const char* path)
      : fd_(kernel::open_at(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  OpenProgram(const OpenProgram&) = delete;
  OpenProgram& operator=(const OpenProgram&) = delete;
  ~OpenProgram() {
    if (fd_ >= 0) {
      kernel::close(fd_);
    }
  }

  // Fails if it could not be opened.
  std::ptrdiff_t read_at(std::uint64_t offset, void* out, std::size_t size) const {
    return kernel::read_at(fd_, out, size, offset);
  }

 private:
  int fd_;
};

// As execvp(3): the search path of the process.
std::string_view search_path() {
  constexpr std::string_view kName = "PATH=";
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    std::string_view variable = *at;
    if (variable.starts_with(kName)) {
      variable.remove_prefix(kName.size());
      return variable;
    }
  }
  return "/bin:/usr/bin";
}

}  // namespace

os::Preload preload_of(int directory, const char* path) {
  return os::preload_of_file(OpenProgram(directory, path));
}

// A directory of the search path, a slash, the name and a NUL byte.
std::size_t room_for_named(const char* name) {
  return search_path().size() + std::strlen(name) + 2;
}

bool find_named(const char* name, char* out) {
  std::string_view rest = search_path();
  while (true) {
    const std::size_t size = std::min(rest.find(':'), rest.size());
    const std::string_view directory(rest.begin(), rest.begin() + size);
    char* end = std::ranges::copy(directory, out).out;
    if (!directory.empty()) {
      *end = '/';
      ++end;
    }
    std::memcpy(end, name, std::strlen(name) + 1);
    if (kernel::is_program(out)) {
      return true;
    }
    if (size == rest.size()) {
      return false;
    }
    rest.remove_prefix(size + 1);
  }
}

}  // namespace zc::observer
