#include "engine/observed/output_paths.h"

#include "base/path.h"
#include "base/str.h"

namespace zc::engine {

OutputPaths::OutputPaths(const ObservedCompile& compile, const os::FileSystem& fs) {
  for (const std::string& output : compile.output_paths) {
    outputs_.insert(output);
    outputs_.insert(path_without_links(fs, output));
  }
}

OwnPaths::Kind OutputPaths::kind_of(std::string_view path) const {
  return outputs_.contains(path) ? Kind::kOutput : Kind::kOther;
}

std::string path_without_links(const os::FileSystem& fs, const std::string& path) {
  const Result<std::string> directory = fs.real_path(std::string(dir_name(path)));
  return directory ? str_cat(*directory, '/', base_name(path)) : path;
}

}  // namespace zc::engine
