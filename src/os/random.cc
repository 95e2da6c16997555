#include "os/random.h"

#include <sys/random.h>

#include <cstddef>

namespace zc::os {

void fill_with_random(std::span<unsigned char> bytes) {
  while (!bytes.empty()) {
    // Interrupted by a signal, it returns -1.
    const ssize_t got = ::getrandom(bytes.data(), bytes.size(), 0);
    bytes = bytes.subspan(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
}

}  // namespace zc::os
