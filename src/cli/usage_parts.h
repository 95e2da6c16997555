// What a usage text (cli/usage.h) declares, so that `--help`, the manual page and the completions
// of shells come from one text:
//
//   usage: zccache cache size [--json]      a synopsis: a literal word behind the command's name is
//          zccache cache list [--json]      one that the command takes; `a|b` are two of them
//   Prose, to the end of its lines.
//     --json        an option, then two blanks or more, and what it does
//     --as NAME     ... with an argument: FILE, PATH and DIR are completed as such
//     -M SIZE, --max-size SIZE   two names of one option
//                   a line that is further in than the option belongs to it
//
// Thread: any; values borrow the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zc::cli {

struct Option {
  std::string_view name;      // with its dashes
  std::string_view argument;  // "" or "FILE", "[=false]"
};

// A paragraph of prose, or an option.
struct UsagePart {
  std::vector<Option> options;  // the names of one option; none: prose
  std::string text;             // its lines joined
};

struct Usage {
  std::vector<std::string_view> synopses;  // from "zccache" on
  std::vector<UsagePart> parts;

  // Of all parts.
  std::vector<Option> options() const;
  // The literal words that come right behind the command's name.
  std::vector<std::string_view> words() const;
  // Whether another command line may follow.
  bool runs_command() const;
  // Whether it always does, so that the options of all commands are not for this one.
  bool is_for_command() const;
};

Usage read_usage(std::string_view text);

}  // namespace zc::cli
