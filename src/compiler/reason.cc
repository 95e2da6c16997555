#include "compiler/reason.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace zc::compiler {

namespace {

// In the order of Reason. Users and ccache's tools know the ids, so an id never changes.
constexpr std::array<ReasonText, static_cast<std::size_t>(Reason::kCount)> kTexts = {{
    {"bad_command_options", "an option of `zccache exec` is wrong", "read the message"},
    {"bad_compiler_arguments", "the command line is incomplete; the compiler reports why",
     "read the compiler's message"},
    {"bad_configuration", "a file of settings cannot be read, or is wrong",
     "`zccache config` names the file and the line"},
    {"bad_output_file", "the output is not a plain file (a device, directory, pipe or symlink)",
     "name plain files, a different one for each output"},
    {"bad_tool_file", "a file that declares tools cannot be read, or is wrong",
     "the daemon's log names the file and the line"},
    {"called_for_information", "the command queries the compiler itself; it compiles nothing", {}},
    {"called_for_link",
     "a link or archive that takes less time than a hit, or that ZCCACHE_LINKS leaves alone",
     "ZCCACHE_LINKS=always serves the quick ones, too"},
    {"called_for_preprocessing", "the command only preprocesses or lists dependencies", {}},
    {"caller_limits",
     "a resource limit of the caller leaves no room for what zccache adds to a run",
     "raise the limit that the journal names"},
    {"compile_failed", "the compiler failed, and may not fail again: the failure is not cached",
     "fix the source"},
    {"compiler_check_failed", "the compiler could not be identified",
     "call the real compiler; ZCCACHE_LOG=debug says more"},
    {"compiler_produced_no_output", "the compiler succeeded without writing its output",
     "find out what runs after the compile"},
    {"daemon_busy", "more compiles at once than the daemon serves", "a smaller -j"},
    {"depfile_not_understood", "the list of inputs that the compiler wrote could not be reproduced",
     "report it, with the depfile"},
    {"different_world",
     "the daemon sees another root directory, namespace or personality than the compile",
     "set ZCCACHE_DAEMON_NAMESPACE inside the container"},
    {"disabled", "a file of settings switches the cache off", "`zccache config` names the file"},
    {"internal_error", "something unexpected happened in the cache; see the daemon's log",
     "read the daemon's log, and report it"},
    {"messages_too_large",
     "the compiler printed more than a megabyte; the result is not stored",
     {}},
    {"modified_input_file", "an input changed while it was compiled, or just before", {}},
    {"modified_output_file",
     "another process changed an output, or was about to, before it was stored",
     {}},
    {"multiple_source_files", "the command names several sources", "one command per source"},
    {"network_use", "the command used the network, of which no answer can be compared later", {}},
    {"no_input_file", "the command names no source", {}},
    {"not_deterministic", "the user declares that the command does not repeat its results", {}},
    {"not_observed", "the observer could not see all that the command looked at",
     "ZCCACHE_LOG=debug in the daemon's environment names what it was"},
    {"open_descriptors", "the command inherits open files, of which the cache knows nothing",
     "close them (3>&-), or name a file"},
    {"output_to_stdout", "the output goes to standard output", "name a file with -o"},
    {"quick_compile",
     "the command took less time than `min_compile_time`, so its result is not stored",
     "`zccache config` says what sets `min_compile_time`"},
    {"read_only", "a miss whose result is not stored, as the settings say",
     "`zccache config` says which"},
    {"side_effect", "the command wrote or removed files that are not its outputs", {}},
    {"standard_input", "the command may read its standard input, which is neither empty nor a file",
     "redirect it: < /dev/null"},
    {"store_unavailable", "the store could not be opened or written; see `zccache status`",
     "make room, or see the warnings"},
    {"unreadable_input", "an input could not be read, or is not a plain file",
     "check its permissions"},
    {"unrepeatable_input",
     "the command read the time, the machine's name or the like, which cannot be compared later",
     "leave the time out of what is compiled, or set SOURCE_DATE_EPOCH"},
    {"unsupported_compiler", "the program is not a compiler that zccache knows", {}},
    {"unsupported_compiler_option", "an option is unknown, or has effects that are not modelled",
     "leave the option out, or report it"},
    {"unsupported_environment_variable", "a variable adds outputs or inputs that are not modelled",
     "unset it"},
    {"unsupported_response_file", "a response file could not be expanded exactly",
     "put the options on the command line"},
    {"unsupported_source_language", "the source is in a language that is not cached", {}},
}};

}  // namespace

const ReasonText& text_of(Reason reason) {
  return kTexts[static_cast<std::size_t>(reason)];
}

std::optional<ReasonText> find_reason(std::string_view id) {
  const auto* const found = std::ranges::find(kTexts, id, &ReasonText::id);
  return found == kTexts.end() ? std::nullopt : std::optional(*found);
}

}  // namespace zc::compiler
