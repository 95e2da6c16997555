#include "cli/fit.h"

#include <algorithm>

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

// How many bytes of the beginning, or the end, of a line are not wider than `columns`.
std::size_t bytes_of_begin(std::string_view line, std::size_t columns) {
  std::size_t bytes = 0;
  std::size_t width = 0;
  while (bytes < line.size() && width + width_at(line, bytes) <= columns) {
    width += width_at(line, bytes++);
  }
  return bytes;
}

std::size_t bytes_of_end(std::string_view line, std::size_t columns) {
  std::size_t at = line.size();
  std::size_t whole = at;  // where a character begins
  std::size_t width = 0;
  while (at > 0 && width + width_at(line, at - 1) <= columns) {
    const std::size_t columns_here = width_at(line, --at);
    width += columns_here;
    whole = columns_here > 0 ? at : whole;
  }
  return line.size() - whole;
}

// As much of `text` as fits; if it is not all, `end_columns` of its end.
std::string fit_both(std::string_view text, std::size_t columns, std::size_t end_columns) {
  std::string line = printable(text);
  if (width_of(line) <= columns) {
    return line;
  }
  if (columns == 0) {
    return {};
  }
  const std::string_view all = line;
  const std::size_t end = bytes_of_end(all, end_columns);
  return str_cat(all.substr(0, bytes_of_begin(all, columns - 1 - end_columns)), kLeftOut,
                 all.substr(all.size() - end));
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
  return fit_both(text, columns, 0);
}

std::string fit_end(std::string_view text, std::size_t columns) {
  return fit_both(text, columns, columns - std::min<std::size_t>(columns, 1));
}

std::string fit_ends(std::string_view text, std::size_t columns) {
  return fit_both(text, columns, columns / 2);
}

}  // namespace zc::cli
