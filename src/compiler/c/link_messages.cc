#include "compiler/c/link_messages.h"

#include <algorithm>
#include <array>

#include "base/path.h"
#include "compiler/detect.h"

namespace zc::compiler::c {

namespace {

constexpr std::string_view kMissing = ": No such file or directory";

// What follows the name of the program that speaks; empty: none that we know does.
std::string_view said_by(std::string_view line, bool (*is_it)(std::string_view)) {
  const std::size_t colon = line.find(": ");
  return colon != std::string_view::npos && is_it(line.substr(0, colon)) ? line.substr(colon + 2)
                                                                         : std::string_view();
}

bool is_linker(std::string_view program) {
  return detect_object_tool(program) == ObjectTool::kLinker;
}

bool is_driver(std::string_view program) {
  const auto found = detect(program);
  return found && compiler::is_driver(found->tool);
}

// Of an output it may be a want of permission, or of a directory.
bool is_missing_input(std::string_view text) {
  const bool is_library = text.starts_with("error: cannot find -l") ||
                          text.starts_with("error: unable to find library -l") ||
                          text.starts_with("fatal: library not found: ");
  const bool is_file = text.starts_with("cannot find ") ||
                       text.starts_with("error: cannot open ") ||
                       text.starts_with("fatal: cannot open ");
  return is_library || (is_file && text.ends_with(kMissing) && !text.contains("output file"));
}

LinkLine by_linker(std::string_view text) {
  // wasm-ld names the object first.
  const bool is_undefined = text.starts_with("error: ") && text.contains(": undefined symbol: ");
  if (is_undefined || text.starts_with("error: duplicate symbol: ") || is_missing_input(text)) {
    return LinkLine::kError;
  }
  const bool is_remark = text.starts_with("warning: ") || text.starts_with("NOTE: ") ||
                         text.ends_with(": previous definition here") ||
                         (text.contains(": in function `") && text.ends_with("':"));
  return is_remark ? LinkLine::kRemark : LinkLine::kOther;
}

LinkLine by_driver(std::string_view text) {
  if (text == "error: linker command failed with exit code 1 (use -v to see invocation)") {
    return LinkLine::kRemark;
  }
  const bool is_missing = text.starts_with("error: no such file or directory: '") ||
                          (text.starts_with("error: ") && text.ends_with(kMissing));
  return is_missing ? LinkLine::kError : LinkLine::kOther;
}

// Behind the place in an object or a source, with or without the name of the linker.
bool is_error_of_symbol(std::string_view line) {
  constexpr std::array<std::string_view, 4> kErrors = {
      ": undefined reference to `", ": error: undefined reference to '",
      ": multiple definition of `", ": multiple definition of '"};
  return std::ranges::any_of(kErrors, [&](std::string_view error) { return line.contains(error); });
}

}  // namespace

LinkLine link_line(std::string_view line) {
  if (is_error_of_symbol(line)) {
    return LinkLine::kError;
  }
  if (line.empty() || line.starts_with(">>> ") ||
      line == "collect2: error: ld returned 1 exit status" ||
      (line.contains(": more undefined references to `") && line.ends_with("' follow"))) {
    return LinkLine::kRemark;
  }
  if (const std::string_view text = said_by(line, is_linker); !text.empty()) {
    return by_linker(text);
  }
  const std::string_view text = said_by(line, is_driver);
  return text.empty() ? LinkLine::kOther : by_driver(text);
}

}  // namespace zc::compiler::c
