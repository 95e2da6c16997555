// FNV-1a, 64 bits: distinguishes texts where no attacker tries to make two of them equal.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <string_view>

namespace zc {

// The offset basis and (below) the prime of the published algorithm for 64 bits, by Fowler, Noll
// and Vo (draft-eastlake-fnv).
inline constexpr std::uint64_t kFnv1aStart = 0xcbf29ce484222325ULL;

// `hash` continues an earlier call: fnv1a(b, fnv1a(a)) is fnv1a of both texts in a row.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = kFnv1aStart) {
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

}  // namespace zc
