// Caller: the program that wants a daemon, with everything that finding and starting one depends
// on.
//
// Thread: values.
#pragma once

#include <string_view>

#include "base/str.h"
#include "lifecycle/locations.h"
#include "lifecycle/version.h"

namespace zc::lifecycle {

// Borrows everything.
struct Caller {
  const Locations& locations;
  std::string_view version;
  const char* const* environment;              // NAME=VALUE, ends with nullptr
  void (*inform)(std::string_view) = nullptr;  // gets a line for each automatic recovery
  int reply_ms = kStatusReplyMs;               // so long the daemon may be silent
};

// The value of a variable; nullptr when it is unset. `environment` as in Caller.
const char* variable(const char* const* environment, std::string_view name);

// Its value, empty without one.
inline std::string_view value_of(const Caller& caller, std::string_view name) {
  return view_or_empty(variable(caller.environment, name));
}

}  // namespace zc::lifecycle
