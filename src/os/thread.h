// Threads with a stack of a given size, which std::thread cannot have.
//
// Thread: any.
#pragma once

#include <cstddef>
#include <functional>

#include "base/result.h"

namespace zc::os {

// Enough for a request, path buffers included. Sanitizers take more.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr std::size_t kThreadStackBytes = std::size_t{1} << 20;
#else
inline constexpr std::size_t kThreadStackBytes = std::size_t{256} << 10;
#endif

// Starts a thread that is never joined: a caller that must know when it ends counts it. `body` must
// not throw. Errors: kUnavailable when the system allows no more threads.
Result<> start_thread(std::size_t stack_bytes, std::function<void()> body);

}  // namespace zc::os
