// Names of compiler caches. What is called so, or a symlink that leads to it, is no compiler.
//
// Header only: the observer asks, too. Thread: constants.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace zc {

// Ourselves among them: a second installation is another cache, too.
inline constexpr std::array<std::string_view, 5> kCacheNames = {"ccache", "sccache", "cachepot",
                                                                "buildcache", "zccache"};

// `name` is the last part of a path.
constexpr bool is_cache_name(std::string_view name) {
  return std::ranges::find(kCacheNames, name) != kCacheNames.end();
}

}  // namespace zc
