#include <algorithm>
#include <functional>

#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "config/keys.h"

namespace zc::cli {

namespace {

// In characters.
template <class Rows, class Name>
std::size_t widest(const Rows& rows, Name name) {
  std::size_t width = 0;
  for (const auto& row : rows) {
    width = std::max(width, std::invoke(name, row).size());
  }
  return width;
}

void append_row(std::string& out, std::string_view name, std::size_t width, std::string_view help) {
  str_append(out, "  ", name, std::string(width + 2 - name.size(), ' '), help, '\n');
}

}  // namespace

int help(const lifecycle::Caller& caller, Args) {
  std::string out = str_cat("zccache ", caller.version, R"(: a compiler cache

usage: zccache <compiler> <arguments>   compile, from the cache if possible
       zccache exec [options] -- <command>   any command, from the cache if possible
       zccache run <build command>   a whole build, its compilers from the cache if possible
       zccache KEY=VALUE <compiler> …  with a setting for this command, as recache=yes
       zccache <command>               `--help` behind its name says more

commands:
)");
  for (const Command& command : commands()) {
    append_row(out, command.name, widest(commands(), &Command::name), command.help);
  }
  str_append(out, R"(
settings, as variables (the manual says more of each); most can also stand in a file, as in
`zccache config set max_size 20G`:
)");
  for (const config::Key& key : config::keys()) {
    append_row(out, key.variable(), widest(config::keys(), &config::Key::variable),
               str_cat(key.means, " (", key.standard, ')'));
  }
  print_out(out);
  return kDone;
}

int version(const lifecycle::Caller& caller, Args) {
  print_out(str_cat("zccache ", caller.version, '\n'));
  return kDone;
}

}  // namespace zc::cli
