// TOML, as people write their settings: read into the same values as JSON.
//
// Thread: any; no state.
#pragma once

#include <string_view>

#include "base/result.h"
#include "codec/json.h"

namespace zc::codec {

// Errors: kInvalid, with the line and what is wrong there.
Result<Json> parse_toml(std::string_view text);

}  // namespace zc::codec
