#include "engine/driver/archive_bytes.h"

#include <charconv>
#include <cstddef>
#include <cstdint>

namespace zc::engine::driver {

namespace {

constexpr std::string_view kMagic = "!<arch>\n";
constexpr std::string_view kThinMagic = "!<thin>\n";
constexpr std::size_t kHeaderBytes = 60;

std::string_view trimmed(std::string_view field) {
  const std::size_t end = field.find_last_not_of(' ');
  return end == std::string_view::npos ? std::string_view() : field.substr(0, end + 1);
}

// The indices of symbols and of long names have blanks, where members have what `D` writes.
bool tells_nothing(std::string_view header) {
  const auto is = [&](std::size_t at, std::size_t size, std::string_view value) {
    const std::string_view field = trimmed(header.substr(at, size));
    return field.empty() || field == "0" || field == value;
  };
  return is(16, 12, "0") && is(28, 6, "0") && is(34, 6, "0") && is(40, 8, "644");
}

bool is_index(std::string_view header) {
  return header.starts_with('/') && (header[1] == ' ' || header[1] == '/' || header[1] == 'S');
}

}  // namespace

bool is_archive(std::string_view bytes) {
  return bytes.starts_with(kMagic) || bytes.starts_with(kThinMagic);
}

bool tells_nothing_of_members(std::string_view archive) {
  if (!is_archive(archive)) {
    return false;
  }
  const bool is_thin = archive.starts_with(kThinMagic);
  std::size_t at = kMagic.size();
  while (at < archive.size()) {
    const std::string_view header = archive.substr(at, kHeaderBytes);
    if (header.size() < kHeaderBytes || !header.ends_with("`\n") || !tells_nothing(header)) {
      return false;
    }
    const std::string_view digits = trimmed(header.substr(48, 10));
    std::uint64_t size = 0;
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (parsed.ec != std::errc()) {
      return false;
    }
    at += kHeaderBytes;
    if (!is_thin || is_index(header)) {
      if (size > archive.size()) {
        return false;
      }
      at += size + (size % 2);
    }
  }
  return true;
}

}  // namespace zc::engine::driver
