// What `zccache report` makes of a build: one function for each of its formats.
//
// Thread: any; pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "history/build.h"

namespace zc::cli {

struct Report {
  history::Build build;
  std::optional<history::Build> before;  // to compare with
  std::string version;                   // ours
};

// One page of HTML that needs nothing else.
std::string report_page(const Report& report);

// For a summary of a CI run.
std::string report_markdown(const Report& report);

// The format of Chrome's tracing and of Perfetto: an event for each command, a thread for each
// lane.
std::string report_trace(const history::Build& build);

// compile_commands.json: the last command of each output, as far as C and its kin go.
std::string report_compile_commands(const history::Build& build);

}  // namespace zc::cli
