// EnvironmentScan: whether the code of an object may read the environment as a whole, or only
// passes it on to a program that it starts, as Rust's library does in `Command`.
//
// Thread: any; no state.
#pragma once

#include "binary/object_code.h"

namespace zc::binary {

// True as well where it is not certain. `code` refers to `environ`.
bool may_read_environment(const ObjectCode& code);

}  // namespace zc::binary
