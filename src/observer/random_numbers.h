// Which requests for random numbers are answers (answer.h).
//
// Thread: any; no state.
#pragma once

#include <cstddef>

#include "observer/answer.h"
#include "observer/channel.h"

namespace zc::observer {

// Hash tables (Rust's and Python's) take a few bytes that need not be good, and their order is no
// result: they do not wait for the kernel's generator, as those do who want a secret.
inline bool is_hash_seed(std::size_t size, unsigned flags) {
  constexpr std::size_t kSeedBytesMax = 32;
  constexpr unsigned kDoesNotWait = 1 | 4;  // GRND_NONBLOCK, GRND_INSECURE
  return size <= kSeedBytesMax && (flags & kDoesNotWait) != 0;
}

// An unknown program may make a result of a hash table's order.
inline void record_random(const void* caller, std::size_t size, unsigned flags) {
  if (!is_hash_seed(size, flags) || unknown_since_ns() != 0) {
    record_answer(caller, "getrandom");
  }
}

}  // namespace zc::observer
