#include "engine/observed/scripts.h"

#include "base/limits.h"
#include "base/str.h"

namespace zc::engine {

std::string interpreter_of(const os::FileSystem& fs, const std::string& path) {
  const auto script = fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax);
  if (!script || !script->bytes.starts_with("#!")) {
    return {};
  }
  const std::string_view line =
      trim(std::string_view(script->bytes).substr(2, script->bytes.find('\n') - 2));
  return std::string(line.substr(0, line.find_first_of(" \t")));
}

}  // namespace zc::engine
