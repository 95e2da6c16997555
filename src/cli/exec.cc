// `zccache exec` and `zccache wrap` where they name no command: the client itself runs those that
// do.

#include <algorithm>
#include <string_view>

#include "cli/command.h"

namespace zc::cli {

int exec(const lifecycle::Caller&, Args args) {
  const auto asks_for_help = [](const char* arg) { return std::string_view(arg) == "--help"; };
  return std::ranges::any_of(args, asks_for_help) ? show_usage("exec") : refuse_with_usage("exec");
}

int wrap(const lifecycle::Caller&, Args) {
  return refuse_with_usage("wrap");
}

}  // namespace zc::cli
