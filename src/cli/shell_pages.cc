// zccache man, zccache completion: what an installation has for man and for shells, printed.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "cli/command.h"
#include "cli/completion.h"
#include "cli/manual_page.h"
#include "cli/request.h"

namespace zc::cli {

int man(const lifecycle::Caller& caller, Args args) {
  if (!args.empty()) {
    return bad_argument("man", args[0]);
  }
  // The version alone: the page of a release is the same, whichever commit it was built from.
  print_out(manual_page(caller.version.substr(0, caller.version.find('+'))));
  return kDone;
}

int completion(const lifecycle::Caller&, Args args) {
  struct Shell {
    std::string_view name;
    std::string (*script)();
  };
  constexpr std::array kShells = {Shell{"bash", bash_completion}, Shell{"zsh", zsh_completion},
                                  Shell{"fish", fish_completion}};
  if (args.size() != 1) {
    return args.empty() ? refuse_with_usage("completion") : bad_argument("completion", args[1]);
  }
  const auto* const shell = std::ranges::find(kShells, std::string_view(args[0]), &Shell::name);
  if (shell == kShells.end()) {
    return bad_argument("completion", args[0]);
  }
  print_out(shell->script());
  return kDone;
}

}  // namespace zc::cli
