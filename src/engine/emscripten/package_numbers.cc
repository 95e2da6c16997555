#include "engine/emscripten/package_numbers.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "base/path.h"

namespace zc::engine::emscripten {

namespace {

constexpr std::string_view kName = "\"package_uuid\":";
// x: a digit; a: one of 8, 9, a and b (RFC 9562, version 4).
constexpr std::string_view kForm = "\"xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx\"";

bool fits(char c, char form) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  constexpr std::string_view kVariants = "89ab";
  return form == 'x' ? kDigits.contains(c) : form == 'a' ? kVariants.contains(c) : c == form;
}

// Where the number behind the name is that ends at `at`. Nothing: it is no random one.
std::optional<std::size_t> find_number(std::string_view script, std::size_t at) {
  const std::size_t begin = script.find_first_not_of(' ', at);
  const std::string_view text = script.substr(std::min(begin, script.size()), kForm.size());
  return std::ranges::equal(text, kForm, fits) ? std::optional(begin) : std::nullopt;
}

}  // namespace

bool is_packager(std::string_view script) {
  return base_name(script) == "file_packager.py";
}

std::string without_package_numbers(std::string script) {
  for (std::size_t at = script.find(kName); at != std::string::npos;
       at = script.find(kName, at + kName.size())) {
    if (const auto number = find_number(script, at + kName.size())) {
      std::replace_if(
          script.begin() + static_cast<std::ptrdiff_t>(*number),
          script.begin() + static_cast<std::ptrdiff_t>(*number + kForm.size()),
          [](char c) { return fits(c, 'x'); }, '0');
    }
  }
  return script;
}

}  // namespace zc::engine::emscripten
