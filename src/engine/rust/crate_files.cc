#include "engine/rust/crate_files.h"

#include "base/path.h"

namespace zc::engine::rust {

std::string_view crate_stem(std::string_view path) {
  const std::string_view name = base_name(path);
  for (const std::string_view form : kCrateForms) {
    if (name.starts_with("lib") && name.ends_with(form)) {
      return name.substr(0, name.size() - form.size());
    }
  }
  return {};
}

bool is_library(std::string_view name) {
  return !crate_stem(name).empty() ||
         (name.starts_with("lib") && (name.ends_with(".a") || name.contains(".so.")));
}

}  // namespace zc::engine::rust
