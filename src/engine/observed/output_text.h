// Output text: whether what a run has written names something of its request, such as a directory,
// so that it is right for no other.
//
// Thread: any; no state.
#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/compile.h"

namespace zc::engine {

// Whether `text` is in one of the outputs of a run. Errors: kIo.
Result<bool> is_in_an_output(const RunOutputs& outputs, std::string_view text);

}  // namespace zc::engine
