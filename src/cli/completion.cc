#include "cli/completion.h"

#include <algorithm>
#include <vector>

#include "base/str.h"
#include "cli/command.h"
#include "cli/usage.h"
#include "cli/usage_parts.h"

namespace zc::cli {

namespace {

enum class Completes : std::uint8_t { kNothing, kFiles, kDirectories };

Completes argument_of(const Option& option) {
  if (option.argument == "FILE" || option.argument == "PATH") {
    return Completes::kFiles;
  }
  return option.argument == "DIR" ? Completes::kDirectories : Completes::kNothing;
}

bool takes_argument(const Option& option) {
  return !option.argument.empty() && !option.argument.starts_with('[');
}

// A part of a usage text that declares options, for one command.
struct Choice {
  Option option;
  std::string help;
};

std::vector<Choice> choices_of(std::string_view text) {
  std::vector<Choice> out;
  for (const UsagePart& part : read_usage(text).parts) {
    for (const Option& option : part.options) {
      out.push_back({option, part.text});
    }
  }
  return out;
}

// With the options of all commands; a command may say more of one of them.
std::vector<Choice> choices_of(const Command& command) {
  std::vector<Choice> out = choices_of(command.usage);
  if (read_usage(command.usage).is_for_command()) {
    return out;
  }
  for (const Choice& common : choices_of(kUsageOfAll)) {
    if (std::ranges::none_of(
            out, [&](const Choice& own) { return own.option.name == common.option.name; })) {
      out.push_back(common);
    }
  }
  return out;
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    str_append(out, out.empty() ? "" : " ", word);
  }
  return out;
}

// Between single quotes, of bash and zsh.
std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  }
  return out + "'";
}

std::string with_backslash(std::string_view text, std::string_view specials) {
  std::string out;
  for (const char c : text) {
    if (specials.contains(c)) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

// --- bash ---

void append_bash_case(std::string& out, const Command& command) {
  const Usage usage = read_usage(command.usage);
  std::vector<std::string> options;
  std::vector<std::string> files;
  std::vector<std::string> directories;
  std::vector<std::string> others;
  for (const Choice& choice : choices_of(command)) {
    const std::string name(choice.option.name);
    options.push_back(name);
    if (takes_argument(choice.option)) {
      const Completes kind = argument_of(choice.option);
      (kind == Completes::kFiles         ? files
       : kind == Completes::kDirectories ? directories
                                         : others)
          .push_back(name);
    }
  }
  const std::vector<std::string_view> words = usage.words();
  str_append(out, "    ", command.name, ")\n      options='", join(options), "' words='",
             join({words.begin(), words.end()}), "' files='", join(files), "'\n",
             "      directories='", join(directories), "' others='", join(others), "' runs='",
             usage.runs_command() ? "yes" : "", "' ;;\n");
}

// What follows the cases.
constexpr std::string_view kBashScript = R"(    -*) ;;
    *) runs=itself ;;
  esac
}

# The index of the command line that begins behind our own words, or none.
_zccache_inner() {
  local i
  if [[ $runs == itself ]]; then echo 1; return; fi
  for ((i = 2; i < COMP_CWORD; i++)); do
    case " $files $directories $others " in *" ${COMP_WORDS[i]} "*) ((++i)); continue ;; esac
    if [[ ${COMP_WORDS[i]} == -- ]]; then echo $((i + 1)); return; fi
    if [[ ${COMP_WORDS[i]} != -* ]]; then echo "$i"; return; fi
  done
  if [[ ${COMP_WORDS[COMP_CWORD]} != -* ]]; then echo "$COMP_CWORD"; fi
}

_zccache_run() {
  local inner=$1
  if ((COMP_CWORD == inner)); then
    mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}" | sort -u)
  elif declare -F _comp_command_offset >/dev/null; then
    _comp_command_offset "$inner"
  elif declare -F _command_offset >/dev/null; then
    _command_offset "$inner"
  else
    mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
    compopt -o filenames
  fi
}

_zccache() {
  local options words files directories others runs inner names
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  _zccache_declared "${COMP_WORDS[1]}"
  if ((COMP_CWORD == 1)); then
    mapfile -t COMPREPLY < <(compgen -W "$names kill --help" -- "$current"
                             if [[ -n $current ]]; then compgen -c -- "$current" | sort -u; fi)
    return
  fi
  if [[ -n $runs ]]; then
    inner=$(_zccache_inner)
    if [[ -n $inner ]] && ((inner <= COMP_CWORD)); then
      case " $files $directories $others " in
        *" $previous "*) ;;
        *) _zccache_run "$inner"; return ;;
      esac
    fi
  fi
  case " $files " in *" $previous "*)
    mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames; return ;;
  esac
  case " $directories " in *" $previous "*)
    mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames; return ;;
  esac
  case " $others " in *" $previous "*) return ;; esac
  mapfile -t COMPREPLY < <(compgen -W "$options $words" -- "$current")
}
complete -F _zccache zccache
)";

}  // namespace

std::string bash_completion() {
  std::vector<std::string> names;
  std::string cases;
  for (const Command& command : commands()) {
    names.emplace_back(command.name);
    append_bash_case(cases, command);
  }
  return str_cat("# Completion of zccache for bash, made by: zccache completion bash\n\n",
                 "# Sets the names of all commands, and what the command $1 takes.\n",
                 "_zccache_declared() {\n  names='", join(names),
                 "'\n  options='' words='' files='' directories='' others='' runs=''\n",
                 "  case $1 in\n", cases, kBashScript);
}

namespace {

// --- zsh ---

std::string zsh_spec(const Choice& choice) {
  const std::string help = with_backslash(choice.help, "[]\\");
  std::string spec =
      str_cat(takes_argument(choice.option) ? "*" : "", choice.option.name, '[', help, ']');
  if (takes_argument(choice.option)) {
    const Completes kind = argument_of(choice.option);
    str_append(spec, ':', choice.option.argument, ':',
               kind == Completes::kFiles         ? "_files"
               : kind == Completes::kDirectories ? "_files -/"
                                                 : "");
  }
  return shell_quoted(spec);
}

void append_zsh_case(std::string& out, const Command& command) {
  const Usage usage = read_usage(command.usage);
  str_append(out, "    ", command.name, ")\n      _arguments");
  for (const Choice& choice : choices_of(command)) {
    str_append(out, " \\\n        ", zsh_spec(choice));
  }
  if (const auto words = usage.words(); !words.empty()) {
    str_append(out, " \\\n        '1:what:(", join({words.begin(), words.end()}), ")'");
  }
  if (usage.runs_command()) {
    str_append(out, " \\\n        '(-)1:command: _command_names -e' '*::arguments:_normal'");
  }
  str_append(out, " ;;\n");
}

// --- fish ---

// Between single quotes, where a backslash is one before a quote or a backslash.
std::string fish_quoted(std::string_view text) {
  return str_cat('\'', with_backslash(text, "'\\"), '\'');
}

void append_fish_lines(std::string& out, const Command& command) {
  const std::string begin =
      str_cat("complete -c zccache -n '__fish_seen_subcommand_from ", command.name, "'");
  for (const Choice& choice : choices_of(command)) {
    const bool is_long = choice.option.name.starts_with("--");
    str_append(out, begin, is_long ? " -l " : " -s ", choice.option.name.substr(is_long ? 2 : 1),
               " -d ", fish_quoted(choice.help));
    if (takes_argument(choice.option)) {
      const Completes kind = argument_of(choice.option);
      str_append(out, kind == Completes::kFiles         ? " -r -F"
                      : kind == Completes::kDirectories ? " -x -a '(__fish_complete_directories)'"
                                                        : " -x");
    }
    out += '\n';
  }
  const Usage usage = read_usage(command.usage);
  if (const auto words = usage.words(); !words.empty()) {
    str_append(out, begin, " -a '", join({words.begin(), words.end()}), "'\n");
  }
  if (usage.runs_command()) {
    str_append(out, begin, " -a '(__fish_complete_subcommand --fcs-skip=2 --");
    for (const Choice& choice : choices_of(command)) {
      if (takes_argument(choice.option)) {
        str_append(out, ' ', choice.option.name);
      }
    }
    str_append(out, ")'\n");
  }
}

}  // namespace

std::string zsh_completion() {
  std::string out = R"(#compdef zccache
# Completion of zccache for zsh, made by: zccache completion zsh

_zccache() {
  local -a own  # not `commands`: zsh has all programs there
  own=(
)";
  for (const Command& command : commands()) {
    str_append(out, "    ",
               shell_quoted(str_cat(with_backslash(command.name, ":"), ':', command.help)), '\n');
  }
  str_append(out, R"(  )
  if (( CURRENT == 2 )); then
    _describe -t commands 'command of zccache' own
    [[ -n $words[2] ]] && _command_names -e
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
)");
  for (const Command& command : commands()) {
    append_zsh_case(out, command);
  }
  str_append(out, R"(    *) _normal ;;
  esac
}

_zccache "$@"
)");
  return out;
}

std::string fish_completion() {
  std::string out = R"(# Completion of zccache for fish, made by: zccache completion fish
complete -c zccache -f
complete -c zccache -n __fish_use_subcommand -a '(__fish_complete_command)'
)";
  std::vector<std::string> names;
  for (const Command& command : commands()) {
    names.emplace_back(command.name);
    str_append(out, "complete -c zccache -n __fish_use_subcommand -a ", command.name, " -d ",
               fish_quoted(command.help), '\n');
  }
  for (const Command& command : commands()) {
    append_fish_lines(out, command);
  }
  str_append(out, "complete -c zccache -n 'not __fish_use_subcommand; and not ",
             "__fish_seen_subcommand_from ", join(names), "' -a '(__fish_complete_subcommand)'\n");
  return out;
}

}  // namespace zc::cli
