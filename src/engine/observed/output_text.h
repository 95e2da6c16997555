// Output text: what a run has written may name something of its request, such as a directory, or
// look as it does for that alone, so that it is right for no other.
//
// Thread: any; no state.
#pragma once

#include <string_view>

#include "base/result.h"
#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/observed/trace.h"

namespace zc::engine {

// Whether `text` is in one of the outputs of a run. Errors: kIo.
Result<bool> is_in_an_output(const RunOutputs& outputs, std::string_view text);

// Whether one of them may hold text that is not found so: some compilers compress debug information
// without being told to.
bool may_hide_text(const RunOutputs& outputs);

// Whether the messages can be shown again. Not if they name a file that the run made for a while,
// such as the assembly that gcc hands to the assembler: the next run has another one.
compiler::OrBypass<> check_messages(const RunOutputs& outputs, const Trace& trace);

}  // namespace zc::engine
