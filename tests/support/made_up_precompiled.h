// A file that begins as a precompiled header of clang does, and that holds numbers of 32 bits, as
// such a file holds times.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace zc::test {

// Each number begins at bit `bit` (0 to 7) of a byte.
inline std::string made_up_precompiled(const std::vector<std::uint32_t>& numbers,
                                       unsigned bit = 0) {
  std::string out = "CPCH";
  out.resize(2048);
  for (const std::uint32_t number : numbers) {
    const std::uint64_t shifted = std::uint64_t{number} << bit;
    for (unsigned byte = 0; byte < 5; ++byte) {
      out.push_back(static_cast<char>(shifted >> (8 * byte)));
    }
  }
  return out;
}

}  // namespace zc::test
