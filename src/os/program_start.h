// What all ways to start a program share: the vectors that exec takes, and how a child ended.
//
// There are three ways, since they promise different things: os/child.h (streams shown as they
// come, signals passed on, dies with us), os/command.h (a short request with a time limit, safe
// beside other threads) and spawn_detached in os/process.h (outlives us and the build).
//
// Thread: any.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace zc::os {

// Of `words`, which must outlive the result, with the null pointer at the end.
std::vector<char*> exec_vector(const std::vector<std::string>& words);

struct ChildStatus {
  int exit_code = 0;  // when it exited by itself
  int signal = 0;     // else the signal that ended it
};

// From what waitpid says.
ChildStatus status_from_wait(int status);

// Waits for the end of a child, whatever signals come meanwhile. One that is not there counts as
// failed.
ChildStatus wait_for_child(std::int32_t pid);

}  // namespace zc::os
