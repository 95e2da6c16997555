// Late code: code that a process loaded after its start, such as macros in a compiler. Its requests
// get events of their own, because it may use an answer in any way, while the program knows how to
// use the answers to its own requests.
//
// Thread: any.
#pragma once

#include "observer/early_objects.h"

namespace zc::observer {

// Whether the code at `address`, the caller of an interposed function, is late.
inline bool is_late_code(const void* address) {
  return !is_in_early_object(address);
}

}  // namespace zc::observer

// The address in the caller of the interposed function that contains this.
#define ZC_CALLER __builtin_return_address(0)
