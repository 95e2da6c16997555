// TOML, as people write their settings: read into the same values as JSON.
//
// Thread: any; no state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "codec/json.h"

namespace zc::codec {

// Errors: kInvalid, with the line and what is wrong there.
Result<Json> parse_toml(std::string_view text);

// What stands at the top of a file, and where.
struct TomlEntry {
  std::string key;
  Json value;
  std::uint64_t line = 0;  // of the value's beginning, from 1
  std::size_t begin = 0;   // of the value's text, in bytes of the file
  std::size_t end = 0;
};

// In the order of the file. Errors: as parse_toml.
Result<std::vector<TomlEntry>> toml_entries(std::string_view text);

}  // namespace zc::codec
