// Open files that the client has inherited besides the standard ones. A command may read or write
// them, which nobody sees. The pipes of make's jobserver are no such files: they only count jobs.
//
// Thread: the client has one.
#pragma once

#include <string>
#include <string_view>

namespace zc::client {

// The first of them, and what it leads to: "descriptor 3 (/w/in.txt)"; empty: there are none. To be
// called before the client opens a file of its own. `make_flags`: the value of MAKEFLAGS.
std::string inherited_descriptor(std::string_view make_flags);

}  // namespace zc::client
