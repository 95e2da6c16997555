// A command that has asked for the time or the like is run once more, under another clock: if that
// shows in what it leaves, the daemon keeps no result, and the user gets what the first run left.
//
// Thread: the client has one.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "client/find_compiler.h"
#include "os/standard_input.h"
#include "wire/frame.h"

namespace zc::client {

struct FirstRun {
  std::uint64_t duration_ns = 0;
  os::InputPlace input_place = {};  // of standard input, before it
};

// `order` is the daemon's frame. Afterwards all is as the first run has left it, but for times: if
// the daemon goes away meanwhile, by a third run under the real clock. Shows nothing: the first run
// has shown its messages.
void run_again(const FoundCompiler& compiler, std::span<char* const> args, const wire::Frame& order,
               const FirstRun& first, std::string_view state_directory,
               wire::Connection& connection);

}  // namespace zc::client
