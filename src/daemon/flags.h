// The daemon's command line.
//
// Thread: values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "log/log.h"

namespace zc::daemon {

// What the command line contains; unset fields leave the choice to the environment.
struct Flags {
  bool foreground = false;  // without it, only a report is printed
  bool version = false;
  bool help = false;
  std::string endpoint;  // empty: derived from the environment
  std::string log_file;  // empty: messages stay on standard error
  std::optional<std::int64_t> idle_timeout_secs;
  std::optional<log::Level> log_level;
  int ready_fd = -1;  // gets a report once the daemon accepts connections, or gives up
  int slot_fd = -1;   // held until then
};

// `args` without the program's name. Errors: kInvalid, with a message for the user.
Result<Flags> parse_flags(std::span<const char* const> args);

// The text of --help.
extern const std::string_view kUsage;

}  // namespace zc::daemon
