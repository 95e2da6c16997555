// Failure messages: whether what a failed command of Emscripten printed is about its sources and
// objects alone, so that the same ones fail again in the same way. As compiler/c/failure_messages.h
// for those of clang and wasm-ld; what emcc adds says which of its programs has failed.
//
// Thread: any; no state.
#pragma once

#include <string_view>

namespace zc::engine::emscripten {

// `printed` is the whole standard error, perhaps with colours.
bool are_about_inputs(std::string_view printed);

}  // namespace zc::engine::emscripten
