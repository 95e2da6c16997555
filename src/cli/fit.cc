#include "cli/fit.h"

#include "base/str.h"
#include "cli/format.h"

namespace zc::cli {

namespace {

// One column wide.
constexpr std::string_view kLeftOut = "…";

// Of a character of UTF-8, the first byte; the others take no columns. From U+1100 on are those
// that are two columns wide.
std::size_t width_at(std::string_view text, std::size_t at) {
  constexpr unsigned char kOtherBits = 0xC0;
  constexpr unsigned char kOther = 0x80;
  constexpr unsigned char kMayBeWide = 0xE1;
  const auto byte = static_cast<unsigned char>(text[at]);
  if ((byte & kOtherBits) == kOther) {
    return 0;
  }
  return byte >= kMayBeWide && !text.substr(at).starts_with(kLeftOut) ? 2 : 1;
}

}  // namespace

std::size_t width_of(std::string_view text) {
  std::size_t out = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    out += width_at(text, at);
  }
  return out;
}

std::string fit(std::string_view text, std::size_t columns) {
  const std::string line = printable(text);
  std::size_t width = width_of(line);
  if (width <= columns || columns == 0) {
    return columns == 0 ? std::string() : line;
  }
  std::size_t end = line.size();
  while (width >= columns) {
    width -= width_at(line, --end);
  }
  return str_cat(std::string_view(line).substr(0, end), kLeftOut);
}

std::string fit_end(std::string_view text, std::size_t columns) {
  const std::string line = printable(text);
  std::size_t width = width_of(line);
  if (width <= columns || columns == 0) {
    return columns == 0 ? std::string() : line;
  }
  std::size_t begin = 0;
  while (width >= columns || (begin < line.size() && width_at(line, begin) == 0)) {
    width -= width_at(line, begin++);
  }
  return str_cat(kLeftOut, std::string_view(line).substr(begin));
}

}  // namespace zc::cli
