#include "cli/format.h"

#include <array>

#include "base/str.h"

namespace zc::cli {

namespace {

// A tenth at a time, rounded down: "1.0 GB" is never less than that.
std::string with_tenth(std::uint64_t tenths) {
  return str_cat(tenths / 10, '.', tenths % 10);
}

void append_number(std::string& out, std::string_view mark, char byte) {
  str_append(out, mark, to_hex(std::string_view(&byte, 1)));
}

// U+0080 to U+009F are controls, too: U+009B begins a sequence like ESC does.
bool is_c1_control(std::string_view text) {
  constexpr unsigned char kFirst = 0x80;
  constexpr unsigned char kLast = 0x9F;
  return text.size() > 1 && text[0] == '\xC2' && static_cast<unsigned char>(text[1]) >= kFirst &&
         static_cast<unsigned char>(text[1]) <= kLast;
}

}  // namespace

std::string format_bytes(std::uint64_t bytes) {
  // A TB is the last: 2048 of them are "2048.0 TB".
  constexpr std::array<std::string_view, 4> kUnits = {"KB", "MB", "GB", "TB"};
  if (bytes < 1024) {
    return str_cat(bytes, " B");
  }
  std::uint64_t unit = 1024;
  std::size_t at = 0;
  while (at + 1 < kUnits.size() && bytes / unit >= 1024) {
    unit *= 1024;
    ++at;
  }
  const std::uint64_t tenths = bytes / unit * 10 + bytes % unit * 10 / unit;
  return str_cat(with_tenth(tenths), ' ', kUnits[at]);
}

std::string format_uptime(std::uint64_t seconds) {
  if (seconds < 60) {
    return str_cat(seconds, 's');
  }
  if (seconds < 3600) {
    return str_cat(seconds / 60, "m ", seconds % 60, 's');
  }
  return str_cat(seconds / 3600, "h ", seconds % 3600 / 60, 'm');
}

std::string format_duration(std::uint64_t milliseconds) {
  if (milliseconds < 1000) {
    return str_cat(milliseconds, "ms");
  }
  if (milliseconds < 60'000) {
    return with_tenth(milliseconds / 100) + 's';
  }
  return format_uptime(milliseconds / 1000);
}

std::string counted(std::uint64_t count, std::string_view one) {
  return str_cat(count, ' ', one, count == 1 ? "" : one.ends_with('s') ? "es" : "s");
}

std::string format_rate(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) {
    return "n/a";
  }
  const double tenths = static_cast<double>(part) * 1000.0 / static_cast<double>(whole);
  return with_tenth(static_cast<std::uint64_t>(tenths)) + '%';
}

std::string format_more_hits(std::uint64_t more, std::uint64_t hits, std::uint64_t lookups) {
  return str_cat('+', counted(more, "hit"), ", ", format_rate(hits + more, lookups),
                 " of look-ups in place of ", format_rate(hits, lookups));
}

std::string printable(std::string_view text) {
  constexpr unsigned char kDelete = 0x7F;
  const bool is_text = is_utf8(text);
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (append_escape(out, text[i], "\n\r\t", "nrt")) {
      continue;
    }
    if (byte < ' ' || byte == kDelete || (byte > kDelete && !is_text)) {
      append_number(out, "\\x", text[i]);
    } else if (is_c1_control(text.substr(i))) {
      append_number(out, "\\u00", text[++i]);
    } else {
      out += text[i];
    }
  }
  return out;
}

}  // namespace zc::cli
