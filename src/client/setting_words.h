// Setting words: `zccache recache=yes gcc -c a.c` sets a variable for this command alone.
//
// Thread: main, before it has others: it changes the environment.
#pragma once

#include <span>

namespace zc::client {

// Sets the variables of the words at the beginning that are KEY=VALUE with the key of a setting
// (base/setting_names.h). Returns how many words these are. A word with another name is left to
// the caller, like any program's.
int take_setting_words(std::span<char* const> words);

}  // namespace zc::client
