// The seed of gcc's LTO: under -flto, unless it has -frandom-seed, gcc opens /dev/urandom once for
// each source, to name sections. The object of any run is right, so this is no input (ADR 28). A
// source that reads the device itself would be one more opening.
//
// Thread: any; no state.
#pragma once

#include <cstddef>
#include <ranges>
#include <string_view>

#include "engine/observed/trace.h"

namespace zc::engine::c {

inline constexpr std::string_view kRandomDevice = "/dev/urandom";

// `words` are those of the command, `sources` how many compilers of gcc it has run at least.
bool is_lto_seed(const PathAccess& seen, std::ranges::input_range auto&& words, int sources) {
  if (seen.path != kRandomDevice || seen.opens > sources) {
    return false;
  }
  bool has_lto = false;
  for (const std::string_view word : words) {
    // A response file may hold it, too.
    if (word.starts_with("-frandom-seed") || word.starts_with('@')) {
      return false;
    }
    has_lto |= word.starts_with("-flto");
  }
  return has_lto;
}

}  // namespace zc::engine::c
