// What the user wants of a command that shows something anew until it is ended.
//
// Thread: main.
#pragma once

#include <cstdint>

#include "os/signal.h"

namespace zc::cli {

enum class UserWish : std::uint8_t { kNothing, kHelp, kEnd };

// Waits for `wait_ms`, or until a key is pressed or a signal comes. kEnd: the signal, or one of the
// keys q, Ctrl-C and Ctrl-D, or the terminal has gone; kHelp: one of ? and h. `keys`: a terminal
// whose keys come as they are pressed (os/key_input.h); -1: none.
UserWish wait_for_user(const os::SignalSource& signals, int keys, int wait_ms);

}  // namespace zc::cli
