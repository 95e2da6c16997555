#include "os/wait.h"

#include <poll.h>

#include <vector>

namespace zc::os {

bool wait_for_any(std::span<WaitSource> sources, int timeout_ms) {
  std::vector<pollfd> waiting;
  waiting.reserve(sources.size());
  for (const WaitSource& source : sources) {
    waiting.push_back({.fd = source.fd, .events = POLLIN, .revents = 0});
  }
  const bool any = ::poll(waiting.data(), waiting.size(), timeout_ms) > 0;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    sources[i].is_ready = any && waiting[i].revents != 0;
  }
  return any;
}

}  // namespace zc::os
