#include "compiler/reason.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace zc::compiler {

namespace {

// In the order of Reason. Users and ccache's tools know the ids, so an id never changes.
constexpr std::array<ReasonText, static_cast<std::size_t>(Reason::kCount)> kTexts = {{
    {"bad_command_options", "an option of `zccache exec` is wrong"},
    {"bad_compiler_arguments", "the command line is incomplete; the compiler reports why"},
    {"bad_configuration", "a file of settings cannot be read, or is wrong"},
    {"bad_output_file", "the output is not a plain file (a device, directory, pipe or symlink)"},
    {"bad_tool_file", "a file that declares tools cannot be read, or is wrong"},
    {"called_for_information", "the command queries the compiler itself; it compiles nothing"},
    {"called_for_link",
     "a link or archive that takes less time than a hit, or that ZCCACHE_LINKS leaves alone"},
    {"called_for_preprocessing", "the command only preprocesses or lists dependencies"},
    {"caller_limits",
     "a resource limit of the caller leaves no room for what zccache adds to a run"},
    {"compile_failed", "the compiler failed, and may not fail again: the failure is not cached"},
    {"compiler_check_failed", "the compiler could not be identified"},
    {"compiler_produced_no_output", "the compiler succeeded without writing its output"},
    {"daemon_busy", "more compiles at once than the daemon serves"},
    {"depfile_not_understood",
     "the list of inputs that the compiler wrote could not be reproduced"},
    {"different_world",
     "the daemon sees another root directory, namespace or personality than the compile"},
    {"disabled", "a file of settings switches the cache off"},
    {"internal_error", "something unexpected happened in the cache; see the daemon's log"},
    {"messages_too_large", "the compiler printed more than a megabyte; the result is not stored"},
    {"modified_input_file", "an input changed while it was compiled, or just before"},
    {"modified_output_file",
     "another process changed an output, or was about to, before it was stored"},
    {"multiple_source_files", "the command names several sources"},
    {"network_use", "the command used the network, of which no answer can be compared later"},
    {"no_input_file", "the command names no source"},
    {"not_deterministic", "the user declares that the command does not repeat its results"},
    {"not_observed", "the observer could not see all that the command looked at"},
    {"open_descriptors", "the command inherits open files, of which the cache knows nothing"},
    {"output_to_stdout", "the output goes to standard output"},
    {"read_only", "a miss whose result is not stored, as the settings say"},
    {"side_effect", "the command wrote or removed files that are not its outputs"},
    {"standard_input",
     "the command may read its standard input, which is neither empty nor a file"},
    {"store_unavailable", "the store could not be opened or written; see `zccache status`"},
    {"unreadable_input", "an input could not be read, or is not a plain file"},
    {"unrepeatable_input",
     "the command read the time, the machine's name or the like, which cannot be compared later"},
    {"unsupported_compiler", "the program is not a compiler that zccache knows"},
    {"unsupported_compiler_option", "an option is unknown, or has effects that are not modelled"},
    {"unsupported_environment_variable", "a variable adds outputs or inputs that are not modelled"},
    {"unsupported_response_file", "a response file could not be expanded exactly"},
    {"unsupported_source_language", "the source is in a language that is not cached"},
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
