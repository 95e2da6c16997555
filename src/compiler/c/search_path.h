// SearchPath: where a compiler looks for headers, read from what it prints with `-E -v`.
//
// Thread: value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace zc::compiler::c {

struct SearchPath {
  std::vector<std::string> quote_dirs;    // for #include "…", after the includer's own directory
  std::vector<std::string> angle_dirs;    // for both forms, in order
  std::vector<std::string> missing_dirs;  // left out because they do not exist now

  bool operator==(const SearchPath&) const = default;
};

// `text` is the standard error of `<driver> <search_args> -E -v -x <language> /dev/null`, in plain
// English. Directories are as the compiler spells them, relative ones against its cwd. Errors:
// kInvalid when the lists are not there, or do not end.
Result<SearchPath> parse_search_path(std::string_view text);

}  // namespace zc::compiler::c
