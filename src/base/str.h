// Small text operations on bytes: no locale, no iostream, no allocation but for the result.
//
// Thread: any.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zc {

namespace detail {
inline void append(std::string& out, std::string_view piece) {
  out.append(piece);
}
inline void append(std::string& out, char piece) {
  out.push_back(piece);
}
template <std::integral T>
  requires(!std::same_as<T, char> && !std::same_as<T, bool>)
void append(std::string& out, T piece) {
  // A number of 64 bits has at most 20 characters, the sign included.
  char buf[24];
  auto [end, ec] = std::to_chars(buf, buf + sizeof buf, piece);
  out.append(buf, static_cast<std::size_t>(end - buf));
}
}  // namespace detail

// Concatenates strings, characters and integers.
template <class... Pieces>
std::string str_cat(const Pieces&... pieces) {
  std::string out;
  (detail::append(out, pieces), ...);
  return out;
}

// Appends what str_cat would return to `out`.
template <class... Pieces>
void str_append(std::string& out, const Pieces&... pieces) {
  (detail::append(out, pieces), ...);
}

// Splits at every `separator`; n separators give n + 1 pieces, some of them empty.
std::vector<std::string_view> split(std::string_view text, char separator);

// What lies between characters of `separators`; no part is empty.
std::vector<std::string> split_words(std::string_view text, std::string_view separators);

// Decimal digits only, the whole text. Returns nothing for any other text, also on overflow.
std::optional<std::uint64_t> parse_u64(std::string_view text);

// `text` without ASCII blanks at both ends. Borrows from it.
std::string_view trim(std::string_view text);

// Empty for a null pointer, as of a variable that is unset.
constexpr std::string_view view_or_empty(const char* text) {
  return text == nullptr ? std::string_view{} : std::string_view{text};
}

// Appends a backslash and a letter for `c`, if it is one of `specials`; their letters stand in the
// same order in `letters`. False if it is none.
bool append_escape(std::string& out, char c, std::string_view specials, std::string_view letters);

// "1", "true", "yes" or "on" in any case, blanks trimmed: what the manual calls "yes" as the value
// of a variable.
bool is_truthy(std::string_view text);

// Whether all of `text` is UTF-8 (RFC 3629).
bool is_utf8(std::string_view text);

// `text` as the inside of a JSON string (RFC 8259, section 7), without the quotes around it. Bytes
// that are not UTF-8 become U+FFFD, so that the result is always valid JSON. 0x7F is escaped as
// well, which the standard allows but does not require.
std::string json_escape(std::string_view text);

// Lower-case hexadecimal digits.
std::string to_hex(std::string_view bytes);

}  // namespace zc
