// The figures of a session as text for people.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/json.h"

namespace zc::cli {

// `stats`: the document of `session-stats --json`, status "ok". Lines without the last line's end.
std::string session_text(const codec::Json& stats);

// What these figures say is wrong. `is_verbose`: also what may only be a first build.
std::vector<std::string> session_warnings(const codec::Json& stats, bool is_verbose);

}  // namespace zc::cli
