// Plain specs: files of gcc's (-specs=FILE) that add words to those of the compiler, the assembler
// and the linker, as the distributions of Fedora's kind have them. With any other, the driver may
// start whatever the file says.
//
// Thread: any; no state.
#pragma once

#include <string_view>

namespace zc::engine::driver {

// `text`: of the file. True for a list of `*NAME:`, each with one line behind it that begins with
// `+`, and in which nothing can begin a command or be anything but a word or a condition.
bool are_plain_specs(std::string_view text);

}  // namespace zc::engine::driver
