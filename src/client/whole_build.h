// `zccache run`: the environment in which a build hands its compilers, linkers, archivers and
// linters to us, by whatever path it starts them. The observer does that in each of its programs
// (observer/served_programs.h).
//
// Thread: the client has one.
#pragma once

#include <string_view>

namespace zc::client {

// Sets the variables for the programs that this process becomes and starts; the observer must fit
// zccache-cli, which goes on. False: there is no observer for that, and nothing is set.
bool serve_whole_build(std::string_view state_directory);

}  // namespace zc::client
