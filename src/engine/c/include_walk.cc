#include "engine/c/include_walk.h"

#include <algorithm>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine::c {

// Spelled as a depfile would: a header beside a source without a directory has no "./".
std::string include_candidate(std::string_view directory, std::string_view name) {
  if (is_absolute(name)) {
    return std::string(name);
  }
  if (directory.empty() || directory == ".") {
    return std::string(name);
  }
  return directory.ends_with('/') ? str_cat(directory, name) : str_cat(directory, '/', name);
}

void walk_include(const compiler::c::SearchPath& search, std::string_view includer,
                  const compiler::c::IncludeProbe& probe,
                  const std::function<bool(const std::string& path)>& found) {
  const auto ends_in = [&](std::string_view directory) {
    return found(include_candidate(directory, probe.name)) && !probe.next;
  };
  if (is_absolute(probe.name)) {
    (void)ends_in("/");
    return;
  }
  if (probe.kind == compiler::c::IncludeKind::kQuote &&
      (ends_in(dir_name(includer)) || std::ranges::any_of(search.quote_dirs, ends_in))) {
    return;
  }
  (void)std::ranges::any_of(search.angle_dirs, ends_in);
}

}  // namespace zc::engine::c
