// Failure words: which errors may be of the machine, rather than of a source.
//
// Thread: any; no state.
#pragma once

#include <string_view>

namespace zc::compiler {

// Whether the text of an error speaks of a want of disk, memory or permission, or of a limit of the
// compiler's own. That a file is missing is an input.
bool may_be_of_machine(std::string_view text);

}  // namespace zc::compiler
