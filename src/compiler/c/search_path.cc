#include "compiler/c/search_path.h"

#include "base/str.h"

namespace zc::compiler::c {

Result<SearchPath> parse_search_path(std::string_view text) {
  constexpr std::string_view kMissing = "ignoring nonexistent directory \"";
  SearchPath out;
  std::vector<std::string>* list = nullptr;
  for (const std::string_view line : split(text, '\n')) {
    // gcc and clang print the same lines, if LC_ALL is C. Of a directory that is there twice the
    // compiler keeps one, and lists it once.
    if (line.starts_with(kMissing) && line.ends_with('"') && line.size() > kMissing.size()) {
      out.missing_dirs.emplace_back(
          line.substr(kMissing.size(), line.size() - kMissing.size() - 1));
    } else if (line == "#include \"...\" search starts here:") {
      list = &out.quote_dirs;
    } else if (line == "#include <...> search starts here:") {
      list = &out.angle_dirs;
    } else if (line == "End of search list.") {
      return out;
    } else if (list != nullptr && line.starts_with(' ')) {
      list->emplace_back(line.substr(1));
    }
  }
  return fail(Code::kInvalid, "the compiler did not print its search path");
}

}  // namespace zc::compiler::c
