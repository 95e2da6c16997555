// The seeds of gcc, which it takes from /dev/urandom unless it has -frandom-seed: under -flto, once
// for each source, to name sections; gcc up to 6, in each compile. The object of any run is right,
// so this is no input (ADR 28). A source that reads the device itself would be one more opening, or
// a later one.
//
// Thread: any; no state.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <string_view>

#include "base/path.h"
#include "engine/observed/trace.h"

namespace zc::engine::c {

inline constexpr std::string_view kRandomDevice = "/dev/urandom";

// A response file may hold it, too.
inline bool may_set_seed(std::string_view word) {
  return word.starts_with("-frandom-seed") || word.starts_with('@');
}

// `words` are those of the command, `sources` how many compilers of gcc it has run at least.
bool is_lto_seed(const PathAccess& seen, std::ranges::input_range auto&& words, int sources) {
  if (seen.path != kRandomDevice || seen.opens > sources) {
    return false;
  }
  bool has_lto = false;
  for (const std::string_view word : words) {
    if (may_set_seed(word)) {
      return false;
    }
    has_lto |= word.starts_with("-flto");
  }
  return has_lto;
}

// gcc up to 6 opens it always, before the source, and once.
bool is_early_seed(const PathAccess& seen, const Trace& trace, std::string_view source,
                   std::ranges::input_range auto&& words) {
  if (seen.path != kRandomDevice || seen.opens != 1 || std::ranges::any_of(words, may_set_seed)) {
    return false;
  }
  const auto device = std::ranges::find(trace.openings, kRandomDevice, &Opening::path);
  const auto read = std::ranges::find(trace.openings, source, &Opening::path);
  return device != trace.openings.end() && read != trace.openings.end() && device < read &&
         device->program == read->program &&
         base_name(trace.programs.at(read->program).path).starts_with("cc1");
}

}  // namespace zc::engine::c
