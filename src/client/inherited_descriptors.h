// Open files that the client has inherited besides the standard ones. A command may read or write
// them, which nobody sees. The pipes of make's jobserver are no such files: they only count jobs.
//
// Thread: the client has one.
#pragma once

#include <string_view>

namespace zc::client {

// To be called before the client opens a file of its own. `make_flags`: the value of MAKEFLAGS.
bool has_inherited_descriptors(std::string_view make_flags);

}  // namespace zc::client
