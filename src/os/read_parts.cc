#include "os/read_parts.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <memory>

namespace zc::os {

namespace {

constexpr std::size_t kPartBytes = std::size_t{256} << 10;

}  // namespace

Result<> read_parts(int fd, std::uint64_t size_bytes,
                    const std::function<Result<>(std::string_view)>& take) {
  const std::size_t part_bytes = std::min<std::uint64_t>(size_bytes, kPartBytes);
  const auto buffer = std::make_unique_for_overwrite<char[]>(part_bytes);
  std::uint64_t at = 0;
  while (at < size_bytes) {
    const std::size_t wanted = std::min<std::uint64_t>(size_bytes - at, part_bytes);
    const ssize_t n = ::pread(fd, buffer.get(), wanted, static_cast<off_t>(at));
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return fail_errno(errno, "cannot read an open file");
    }
    if (n == 0) {
      return fail(Code::kInvalid, "a file ended early");
    }
    TRY(take(std::string_view(buffer.get(), static_cast<std::size_t>(n))));
    at += static_cast<std::uint64_t>(n);
  }
  return {};
}

}  // namespace zc::os
