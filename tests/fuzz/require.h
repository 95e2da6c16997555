// require: what must hold for every input of a fuzz target; a violation ends the process.
//
// Thread: any.
#pragma once

#include <cstdio>
#include <cstdlib>

namespace zc::fuzz {

inline void require(bool holds, const char* what) {
  if (!holds) {
    std::fprintf(stderr, "violated: %s\n", what);
    std::abort();
  }
}

}  // namespace zc::fuzz
