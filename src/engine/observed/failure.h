// Failed compiles: whether one would fail again in the same way, as far as its run shows.
//
// Thread: any; no state.
#pragma once

#include "compiler/bypass.h"
#include "engine/observed/trace.h"

namespace zc::engine {

// It said nothing but what is wrong with the sources, and could write and remove what it wanted.
compiler::OrBypass<> check_failure(bool is_about_sources, const Trace& trace);

}  // namespace zc::engine
