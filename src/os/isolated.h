// Runs a function in a child process, so that a crash in it (a bus error on a truncated map, say)
// does not end this process.
//
// Thread: any; but the child has only the calling thread, so `body` must not need others.
// Not for the client, whose runtime has no std::function.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace zc::os {

// `text` is short: it must have less than 64 KiB.
struct Verdict {
  std::uint8_t code = 0;
  std::string text;
};

// What `body` returned; nothing when it crashed, or used more than a minute of processor time, or
// no child could be made.
std::optional<Verdict> run_isolated(const std::function<Verdict()>& body);

}  // namespace zc::os
