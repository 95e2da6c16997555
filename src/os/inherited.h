// What a process passes on to those that it starts, besides files and variables, and what these may
// ask for: limits, processors, priority, groups.
//
// Thread: any.
#pragma once

#include <string>

namespace zc::os {

// Bytes that are the same exactly if all of it is. The user is not in there.
std::string inherited_state();

}  // namespace zc::os
