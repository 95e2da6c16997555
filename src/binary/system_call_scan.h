// Whether code for x86-64 contains an instruction that makes a system call.
//
// Thread: any; no state.
#pragma once

#include <string_view>

namespace zc::binary {

// `code`: the bytes of one section of code. Errors: none; bytes that do not decode are skipped.
bool has_system_call(std::string_view code);

}  // namespace zc::binary
