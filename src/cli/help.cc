#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "config/keys.h"

namespace zc::cli {

int help(const lifecycle::Caller& caller, Args) {
  std::string out = str_cat("zccache ", caller.version, R"(: a compiler cache

usage: zccache <compiler> <arguments>   compile, from the cache if possible
       zccache exec [options] -- <command>   any command, from the cache if possible
       zccache run <build command>   a whole build, its compilers from the cache if possible
       zccache <command>               `--help` behind its name says more

commands:
)");
  // In characters; no name of a command is longer.
  constexpr std::size_t kNameWidth = 12;
  for (const Command& command : commands()) {
    str_append(out, "  ", command.name, std::string(kNameWidth - command.name.size(), ' '),
               command.help, '\n');
  }
  str_append(out, R"(
settings, as variables (the manual says more of each); most can also stand in a file, as in
`zccache config set max_size 20G`:
)");
  for (const config::Key& key : config::keys()) {
    const std::string variable = key.variable();
    constexpr std::size_t kVariableWidth = 26;
    str_append(out, "  ", variable, std::string(kVariableWidth - variable.size(), ' '), key.means,
               " (", key.standard, ")\n");
  }
  print_out(out);
  return kDone;
}

int version(const lifecycle::Caller& caller, Args) {
  print_out(str_cat("zccache ", caller.version, '\n'));
  return kDone;
}

}  // namespace zc::cli
