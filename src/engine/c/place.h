// Place: what binds a result whose paths are remapped to the checkout that it was made in, in spite
// of the maps (path_remaps.h).
//
// Thread: any; no state.
#pragma once

#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/input_list.h"
#include "engine/observed/input_rules.h"
#include "engine/observed/trace.h"

namespace zc::engine::c {

struct Compile;

// Adds the fact that the checkout is where it is, if a message, an output, a variable or an input
// names it, an output may hide that it does, a program of the run lies in it, or a precompiled
// header was read. `compile` is remapped. Errors: kUnreadableInput, if an output cannot be read.
compiler::OrBypass<> bind_to_checkout(const Compile& compile, const RunOutputs& outputs,
                                      const Trace& trace, const InputRules& rules, InputList& list);

}  // namespace zc::engine::c
