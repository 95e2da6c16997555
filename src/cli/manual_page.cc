#include "cli/manual_page.h"

#include <algorithm>

#include "base/str.h"
#include "cli/command.h"
#include "cli/usage.h"
#include "cli/usage_parts.h"
#include "config/keys.h"

namespace zc::cli {

namespace {

// Text between backticks, as a command that is to be typed, gets bold letters. The sequence \& at
// the beginning keeps a dot or a quote there from being a request.
std::string roff(std::string_view text) {
  std::string out = "\\&";
  bool is_bold = false;
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\e";
        break;
      case '-':
        out += "\\-";
        break;
      case '~':
        out += "\\(ti";
        break;
      case '^':
        out += "\\(ha";
        break;
      case '\'':
        out += "\\(aq";
        break;
      case '`':
        is_bold = !is_bold;
        out += is_bold ? "\\fB" : "\\fR";
        break;
      default:
        out += c;
    }
  }
  return out;
}

void append_item(std::string& out, std::string_view tag, std::string_view text) {
  str_append(out, ".TP\n\\fB", roff(tag), "\\fR\n", roff(text), '\n');
}

std::string tag_of(const UsagePart& part) {
  std::string tag;
  for (const Option& option : part.options) {
    const bool is_glued = option.argument.empty() || option.argument.starts_with('[');
    str_append(tag, tag.empty() ? "" : ", ", option.name, is_glued ? "" : " ", option.argument);
  }
  return tag;
}

void append_parts(std::string& out, const Usage& usage) {
  for (const UsagePart& part : usage.parts) {
    if (part.options.empty()) {
      str_append(out, ".PP\n", roff(part.text), '\n');
    } else {
      append_item(out, tag_of(part), part.text);
    }
  }
}

void append_command(std::string& out, const Command& command) {
  const Usage usage = read_usage(command.usage);
  str_append(out, ".SS \"", roff(command.name), "\"\n");
  for (const std::string_view synopsis : usage.synopses) {
    str_append(out, ".br\n\\fB", roff(synopsis), "\\fR\n");
  }
  append_parts(out, usage);
}

}  // namespace

std::string manual_page(std::string_view version) {
  std::string out = str_cat(R"(.TH ZCCACHE 1 "" "zccache )", version, R"(" "User Commands"
.SH NAME
zccache \- a compiler cache for C, C++, Rust and Emscripten
.SH SYNOPSIS
.B zccache
.I compiler
.RI [ arguments ...]
.br
.B zccache
.I command
.RI [ arguments ...]
.SH DESCRIPTION
A compile that is repeated costs about as much as starting a process: its outputs, its messages and
its exit code come from the cache, byte for byte as the compiler would write them now. In any doubt,
and for each command that zccache does not know, the compiler runs.
.PP
The daemon starts by itself, and exits after an hour without requests.
.SH COMMANDS
)");
  for (const Command& command : commands()) {
    append_command(out, command);
  }
  str_append(out, ".SH OPTIONS OF ALL COMMANDS\n");
  append_parts(out, read_usage(kUsageOfAll));
  str_append(out, ".SH ENVIRONMENT\n");
  for (const config::Key& key : config::keys()) {
    append_item(out, key.variable(), str_cat(key.means, " (", key.standard, ')'));
  }
  str_append(out, R"(.SH EXIT STATUS
A compile exits with the compiler's exit code, or is ended by the signal that ended the compiler.
The commands exit with 0 if it was done, 1 if it failed, 2 if the words were not understood, and 127
if a compiler or a command is not there.
.SH FILES
.TP
)",
             roff("~/.zccache"), R"(
everything that zccache keeps
.SH SEE ALSO
.BR ccache (1),
.BR gcc (1)
)");
  return out;
}

}  // namespace zc::cli
