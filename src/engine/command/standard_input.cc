#include "engine/command/standard_input.h"

#include "base/path.h"

namespace zc::engine::command {

compiler::OrBypass<std::string> find_standard_input(const os::FileSystem& fs,
                                                    const wire::CompileRequest& request) {
  if (request.has_empty_stdin) {
    return std::string();
  }
  os::FileStamp stamp;
  std::string path(request.stdin_path);
  const bool is_the_same = is_absolute(path) &&
                           fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0 &&
                           stamp.dev == request.stdin_id.dev && stamp.ino == request.stdin_id.ino;
  if (!is_the_same) {
    return compiler::bypass(compiler::Reason::kStandardInput);
  }
  return path;
}

}  // namespace zc::engine::command
