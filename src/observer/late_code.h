// Late code: code that a process loaded after its start, such as macros in a compiler. Its requests
// get events of their own, because it may use an answer in any way, while the program knows how to
// use the answers to its own requests.
//
// Thread: any; nothing is written after note_early_code.
#pragma once

namespace zc::observer {

// Code that is loaded by now is not late. Call it once, before anything else can be loaded.
void note_early_code();

// Whether the code at `address`, the caller of an interposed function, is late.
bool is_late_code(const void* address);

}  // namespace zc::observer

// The address in the caller of the interposed function that contains this.
#define ZC_CALLER __builtin_return_address(0)
