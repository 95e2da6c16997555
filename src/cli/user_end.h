// What ends a command that shows something anew until its user has seen enough.
//
// Thread: main.
#pragma once

#include "os/signal.h"

namespace zc::cli {

// Waits for `wait_ms`, or until a key is pressed or a signal comes. True: the signal, or one of the
// keys q, Ctrl-C and Ctrl-D ends the command, or the terminal has gone. `keys`: a terminal whose
// keys come as they are pressed (os/key_input.h); -1: none.
bool user_ends(const os::SignalSource& signals, int keys, int wait_ms);

}  // namespace zc::cli
