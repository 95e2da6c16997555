// What `zccache exec` takes. The client itself runs the command; this is for a line that has none.

#include <algorithm>
#include <string_view>

#include "cli/command.h"
#include "cli/request.h"

namespace zc::cli {

namespace {

constexpr std::string_view kUsage =
    "usage: zccache exec [options] -- COMMAND [arguments]\n"
    "Runs a command whose result may come from the cache. What it reads and writes is observed;\n"
    "the options declare what goes beyond that.\n"
    "  --input-file FILE        also depends on this file (may be repeated)\n"
    "  --input-file-list FILE   ... on each file that a line of FILE names\n"
    "  --input-file-stdin       ... on each file that a line of standard input names\n"
    "  --input-env NAME         ... on this variable\n"
    "  --input-extra TEXT       ... on this text\n"
    "  --output-file FILE       must be there after the command\n"
    "  --output-stdout[=false]  whether a hit prints what the command printed (default: true)\n"
    "  --output-stderr[=false]  the same for standard error\n"
    "  --depfile FILE           also depends on what this Make rule, written by it, lists\n"
    "  --include-scan FILE      also depends on what FILE includes, as C has it; found in\n"
    "    --include-dir DIR, --system-include DIR, --iquote-dir DIR\n"
    "  --tool-hash HEX          64 digits that stand for the program in place of its content\n"
    "  --key-args-filter RE     arguments in which this expression is found do not matter\n"
    "  --no-cwd-in-key          the same result serves other directories\n"
    "  --no-cache               run, without the cache\n"
    "  --non-deterministic      the same, for a command that does not repeat its results\n"
    "  --endpoint PATH          the daemon's socket\n";

}  // namespace

int exec(const lifecycle::Caller&, Args args) {
  const bool is_asked = std::ranges::find(args, std::string_view("--help"), [](const char* arg) {
                          return std::string_view(arg);
                        }) != args.end();
  if (is_asked) {
    print_out(kUsage);
    return kDone;
  }
  print_note(kUsage.substr(0, kUsage.size() - 1));
  return kUsageError;
}

}  // namespace zc::cli
