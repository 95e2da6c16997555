#include "engine/emscripten/failure_messages.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/str.h"
#include "compiler/c/failure_messages.h"
#include "compiler/failure_words.h"

namespace zc::engine::emscripten {

namespace {

// What follows the name of the tool that speaks; empty: another program does.
std::string_view said_by_emscripten(std::string_view line) {
  constexpr std::array<std::string_view, 2> kTools = {"emcc: ", "em++: "};
  const auto tool =
      std::ranges::find_if(kTools, [&](std::string_view each) { return line.starts_with(each); });
  return tool == kTools.end() ? std::string_view() : line.substr(tool->size());
}

bool is_warning(std::string_view line) {
  return said_by_emscripten(line).starts_with("warning: ");
}

// Not by a signal.
bool names_failed_program(std::string_view line) {
  const std::string_view text = said_by_emscripten(line);
  return text.starts_with("error: '") && text.ends_with("' failed (returned 1)");
}

bool names_missing_input(std::string_view line) {
  const std::string_view text = said_by_emscripten(line);
  return text.starts_with("error: ") && text.contains(": No such file or directory (\"") &&
         text.ends_with(
             "\" was expected to be an input file, based on the commandline arguments "
             "provided)");
}

// Of the script that makes the JavaScript, for symbols that nothing defines.
bool are_about_symbols(const std::vector<std::string_view>& lines) {
  constexpr std::string_view kEnd = "Error: Aborting compilation due to previous errors";
  const auto is_known = [&](std::string_view line) {
    return line.starts_with("error: undefined symbol: ") || line.starts_with("warning: ");
  };
  return lines.size() > 1 && lines.back() == kEnd &&
         std::ranges::all_of(lines.begin(), lines.end() - 1, is_known) &&
         std::ranges::none_of(lines, compiler::may_be_of_machine);
}

bool are_of_failed_program(const std::vector<std::string_view>& lines) {
  std::string text;
  for (const std::string_view line : lines) {
    str_append(text, line, '\n');
  }
  return are_about_symbols(lines) || compiler::c::are_about_sources(text) ||
         compiler::c::are_about_link(text);
}

}  // namespace

bool are_about_inputs(std::string_view printed) {
  const std::string plain = compiler::c::without_styles(printed);
  std::string_view text = plain;
  if (!text.ends_with('\n') || text.contains('\x1b')) {
    return false;
  }
  text.remove_suffix(1);
  std::vector<std::string_view> lines = split(text, '\n');
  std::erase_if(lines, is_warning);
  if (lines.empty()) {
    return false;
  }
  if (lines.size() == 1) {
    return names_missing_input(lines.front());
  }
  if (!names_failed_program(lines.back())) {
    return false;
  }
  lines.pop_back();
  return are_of_failed_program(lines);
}

}  // namespace zc::engine::emscripten
