#include "os/read_parts.h"

#include <algorithm>
#include <cstddef>
#include <memory>

#include "os/file.h"

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
    TRY_ASSIGN(const std::size_t n, read_at(fd, buffer.get(), wanted, at));
    if (n == 0) {
      return fail(Code::kInvalid, "a file ended early");
    }
    TRY(take(std::string_view(buffer.get(), n)));
    at += n;
  }
  return {};
}

Result<std::string> read_whole(int fd, std::uint64_t size_bytes) {
  std::string out;
  TRY(read_parts(fd, size_bytes, [&](std::string_view bytes) -> Result<> {
    out += bytes;
    return {};
  }));
  return out;
}

}  // namespace zc::os
