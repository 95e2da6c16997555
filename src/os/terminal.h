// What a standard stream leads to, as far as programs behave by it.
//
// Thread: any.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "os/pipe.h"

namespace zc::os {

bool is_terminal(int fd);

// Of a terminal, how wide it is; 0: it does not say, or is none.
std::uint64_t columns_of(int fd);

// Whether this process would be stopped if it changed the state of a terminal: a shell has put it
// into the background (termios(3), "Background").
bool is_in_background(int fd);

// A pipe that stands in for `fd`: if that is a terminal, so is the writing end, of the same size.
// What is written comes out unchanged. The reading end of such a pipe fails with EIO when nobody
// can write any more. Errors: kIo.
Result<Pipe> make_pipe_like(int fd);

// /dev/null, by its number (null(4)) and under whatever name.
bool is_null_device(int fd);

}  // namespace zc::os
