// Random bytes from the kernel.
//
// Thread: any.
#pragma once

#include <span>

namespace zc::os {

// Waits until the kernel has enough of them, early in a boot (getrandom(2)).
void fill_with_random(std::span<unsigned char> bytes);

}  // namespace zc::os
