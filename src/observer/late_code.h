// Late code: what came into a process after its start, such as macros into a compiler. What it asks
// is told apart from what the program asks for itself, which it knows how to use.
//
// Thread: any; nothing is written after note_early_code.
#pragma once

namespace zc::observer {

// What is loaded by now is not late. Once, before anything can be loaded.
void note_early_code();

// Whether the code at `address`, the caller of an interposed function, is late.
bool is_late_code(const void* address);

}  // namespace zc::observer

// Who called the interposed function that this is written in.
#define ZC_CALLER __builtin_return_address(0)
