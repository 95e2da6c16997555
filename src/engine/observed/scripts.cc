#include "engine/observed/scripts.h"

#include "base/str.h"

namespace zc::engine {

std::string interpreter_of(const os::FileSystem& fs, const std::string& path) {
  constexpr std::size_t kFirstLineBytes = 256;  // of which the kernel takes notice (execve(2))
  const Result<std::string> beginning = fs.read_beginning(path, kFirstLineBytes);
  if (!beginning || !beginning->starts_with("#!")) {
    return {};
  }
  const std::string_view line =
      trim(std::string_view(*beginning).substr(2, beginning->find('\n') - 2));
  return std::string(line.substr(0, line.find_first_of(" \t")));
}

}  // namespace zc::engine
