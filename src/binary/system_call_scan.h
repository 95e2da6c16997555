// Whether code for x86-64 makes system calls by itself.
//
// Thread: any; no state.
#pragma once

#include <string_view>

namespace zc::binary {

bool has_system_call(std::string_view code);

}  // namespace zc::binary
