// What a standard stream leads to, as far as programs behave by it.
//
// Thread: any.
#pragma once

namespace zc::os {

bool is_terminal(int fd);

// /dev/null, by its number (null(4)) and under whatever name.
bool is_null_device(int fd);

}  // namespace zc::os
