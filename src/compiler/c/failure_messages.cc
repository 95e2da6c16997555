#include "compiler/c/failure_messages.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/str.h"
#include "compiler/c/link_messages.h"
#include "compiler/failure_words.h"

namespace zc::compiler::c {

namespace {

constexpr std::string_view kDigits = "0123456789";

// The size of the escape sequence that `text` begins with, if compilers write it in a terminal:
// ESC [ … m or K for colours (ECMA-48), ESC ] 8 ; … for a link, up to BEL or ESC \. 0: another.
std::size_t style_bytes(std::string_view text) {
  if (text.starts_with("\x1b[")) {
    const std::size_t end = text.find_first_not_of("0123456789;:", 2);
    return end != std::string_view::npos && (text[end] == 'm' || text[end] == 'K') ? end + 1 : 0;
  }
  if (text.starts_with("\x1b]8;")) {
    const std::size_t end = text.find_first_of("\x07\x1b", 1);
    if (end != std::string_view::npos) {
      return text[end] == '\x07' ? end + 1 : text.substr(end, 2) == "\x1b\\" ? end + 2 : 0;
    }
  }
  return 0;
}

// What follows "file:line:" or "file:line:column:"; nothing: the line does not begin so.
std::optional<std::string_view> after_location(std::string_view line) {
  for (std::size_t at = line.find(':'); at != std::string_view::npos; at = line.find(':', at + 1)) {
    const std::string_view rest = line.substr(at + 1);
    const std::size_t digits = rest.find_first_not_of(kDigits);
    if (at == 0 || digits == 0 || digits == std::string_view::npos || rest[digits] != ':') {
      continue;
    }
    const std::string_view behind = rest.substr(digits + 1);
    const std::size_t column = behind.find_first_not_of(kDigits);
    const bool has_column =
        column != 0 && column != std::string_view::npos && behind[column] == ':';
    return has_column ? behind.substr(column + 1) : behind;
  }
  return std::nullopt;
}

bool is_error_of_source(std::string_view text, bool is_fatal) {
  // Of the errors that end a compile at once, only the missing header is known.
  return !may_be_of_machine(text) && (!is_fatal || text.ends_with(": No such file or directory") ||
                                      text.ends_with("' file not found"));
}

// gcc says where an error is, clang what an error comes from, in lines without a severity.
bool is_context(std::string_view line) {
  const std::string_view text =
      line.substr(line.find(": ") == std::string_view::npos ? line.size() : line.find(": ") + 2);
  return line.starts_with("In file included from ") ||
         (line.ends_with(':') && (text.starts_with("In ") || text.starts_with("At ")));
}

// "2 warnings and 1 error generated."
bool is_count(std::string_view line) {
  return line.ends_with(" generated.") && kDigits.contains(line.front()) &&
         line.find_first_not_of("0123456789 abcdeghimnorstw.") == std::string_view::npos;
}

bool is_summary(std::string_view line) {
  constexpr std::string_view kAsErrors = " warnings being treated as errors";
  return line == "compilation terminated." || is_count(line) ||
         (line.starts_with("cc1") && line.ends_with(kAsErrors));
}

// Under a line of the source that clang quotes, which may be any text.
bool is_marker(std::string_view line) {
  return line.find_first_of("^~") != std::string_view::npos &&
         line.find_first_not_of(" \t^~") == std::string_view::npos;
}

enum class Line { kNoMessage, kRemark, kError, kOther };

Line kind_of(std::string_view line) {
  const std::optional<std::string_view> text = after_location(line);
  if (!text) {
    return Line::kNoMessage;
  }
  constexpr std::string_view kError = " error: ";
  constexpr std::string_view kFatal = " fatal error: ";
  const bool is_fatal = text->starts_with(kFatal);
  if (is_fatal || text->starts_with(kError)) {
    const std::string_view words = text->substr(is_fatal ? kFatal.size() : kError.size());
    return is_error_of_source(words, is_fatal) ? Line::kError : Line::kOther;
  }
  const bool is_remark = text->starts_with(" warning: ") || text->starts_with(" note: ") ||
                         text->starts_with("   required from ");
  return is_remark ? Line::kRemark : Line::kOther;
}

// What follows "program: severity: ", or the severity alone, as clang has it; of a program without
// a directory.
std::optional<std::string_view> after_program(std::string_view line, std::string_view severity) {
  const std::size_t at = line.find(severity);
  const bool has_name = at != 0 && at != std::string_view::npos &&
                        line.substr(0, at).ends_with(": ") &&
                        line.substr(0, at - 2).find_first_of(" :/") == std::string_view::npos;
  return at == 0 || has_name ? std::optional(line.substr(at + severity.size())) : std::nullopt;
}

// What a driver and the compiler itself say of the words of a command, with nothing else to know.
Line option_line(std::string_view line) {
  constexpr std::array<std::string_view, 9> kErrors = {"bad value ",
                                                       "invalid value ",
                                                       "unknown argument ",
                                                       "unknown argument: ",
                                                       "unknown target CPU ",
                                                       "unrecognized argument in option ",
                                                       "unrecognized argument to ",
                                                       "unrecognized command-line option ",
                                                       "unsupported option "};
  constexpr std::array<std::string_view, 3> kNotes = {"use '", "valid arguments to ",
                                                      "valid target CPU values are"};
  const auto begins = [&](std::string_view severity, const auto& texts) {
    const std::optional<std::string_view> text = after_program(line, severity);
    return text && std::ranges::any_of(
                       texts, [&](std::string_view begin) { return text->starts_with(begin); });
  };
  if (begins("error: ", kErrors)) {
    return may_be_of_machine(line) ? Line::kOther : Line::kError;
  }
  return begins("note: ", kNotes) ? Line::kRemark : Line::kNoMessage;
}

bool are_known(std::string_view printed, bool may_link) {
  const std::string plain = without_styles(printed);
  std::string_view err = plain;
  if (!err.ends_with('\n') || err.contains('\x1b')) {
    return false;
  }
  err.remove_suffix(1);
  const std::vector<std::string_view> lines = split(err, '\n');
  bool has_error = false;
  bool may_be_quote = false;  // right behind a message
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    if (line.empty() && !may_link) {
      return false;
    }
    // Before all else: a quoted line may look like a message, but it does not say that it failed.
    if (may_be_quote && i + 1 < lines.size() && is_marker(lines[i + 1])) {
      may_be_quote = false;
      ++i;
      continue;
    }
    if (const LinkLine of_link = may_link ? link_line(line) : LinkLine::kOther;
        of_link != LinkLine::kOther) {
      has_error |= of_link == LinkLine::kError;
      may_be_quote = false;
      continue;
    }
    if (const Line of_options = option_line(line); of_options != Line::kNoMessage) {
      has_error |= of_options == Line::kError;
      may_be_quote = false;
      if (of_options == Line::kOther) {
        return false;
      }
      continue;
    }
    const Line kind = kind_of(line);
    has_error |= kind == Line::kError;
    may_be_quote = kind == Line::kError || kind == Line::kRemark;
    const bool is_known =
        may_be_quote || line.starts_with(' ') || is_context(line) || is_summary(line);
    if (!is_known) {
      return false;
    }
  }
  return has_error;
}

}  // namespace

bool are_about_sources(std::string_view printed) {
  return are_known(printed, false);
}

bool are_about_link(std::string_view printed) {
  return are_known(printed, true);
}

std::string without_styles(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t style = style_bytes(text);
    const std::size_t plain = style != 0 ? 0 : std::min(text.find('\x1b', 1), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(style + plain);
  }
  return out;
}

}  // namespace zc::compiler::c
