// An open file, read part by part: for files that are too large to be held.
//
// Thread: any. Not for the client, whose runtime has no std::function.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace zc::os {

// Hands on `size_bytes` from offset 0 part by part; the offset of `fd` stays. Errors: those of
// `take`; kInvalid when there are fewer, kIo.
Result<> read_parts(int fd, std::uint64_t size_bytes,
                    const std::function<Result<>(std::string_view)>& take);

// The same in one piece, for files that are known to be small.
Result<std::string> read_whole(int fd, std::uint64_t size_bytes);

}  // namespace zc::os
