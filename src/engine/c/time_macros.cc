#include "engine/c/time_macros.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/path.h"
#include "base/str.h"

namespace zc::engine::c {

namespace {

constexpr std::array<std::string_view, 3> kMacros = {"__TIME__", "__DATE__", "__TIMESTAMP__"};

// No header is larger; what is, such as a library, holds no macros.
constexpr std::uint64_t kFileBytesMax = std::uint64_t{2} << 20;

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "3: __TIME__"
std::optional<std::string> place_in(std::string_view text) {
  for (const std::string_view macro : kMacros) {
    for (std::size_t at = text.find(macro); at != std::string_view::npos;
         at = text.find(macro, at + 1)) {
      const std::size_t end = at + macro.size();
      const bool is_whole =
          (at == 0 || !is_of_word(text[at - 1])) && (end == text.size() || !is_of_word(text[end]));
      if (is_whole) {
        return str_cat(std::ranges::count(text.substr(0, at), '\n') + 1, ": ", macro);
      }
    }
  }
  return std::nullopt;
}

std::optional<std::string> place_at(const os::FileSystem& fs, const CacheableCompile& compile,
                                    const std::string& path) {
  const auto text = fs.read(os::FileSystem::kNoDirectory, path.c_str(), kFileBytesMax);
  const auto place = text ? place_in(text->bytes) : std::nullopt;
  const std::string here = compile.cwd + '/';
  const std::string_view shown =
      path.starts_with(here) ? std::string_view(path).substr(here.size()) : path;
  return place ? std::optional(str_cat(shown, ':', *place)) : std::nullopt;
}

}  // namespace

compiler::Bypass with_place_of_macro(const os::FileSystem& fs, const CacheableCompile& compile,
                                     const Trace& trace, compiler::Bypass why) {
  constexpr std::string_view kOfSystem = "/usr/";
  if (why.reason != compiler::Reason::kUnrepeatableInput || why.detail.contains('/')) {
    return why;
  }
  std::optional<std::string> place =
      place_at(fs, compile, without_dots(join_path(compile.cwd, compile.source)));
  for (const bool is_of_system : {false, true}) {
    for (const PathAccess& access : trace.accesses) {
      if (!place && access.opened && access.path.starts_with(kOfSystem) == is_of_system) {
        place = place_at(fs, compile, std::string(access.path));
      }
    }
  }
  if (place) {
    why.detail = str_cat(*place, " (", why.detail, ')');
  }
  return why;
}

}  // namespace zc::engine::c
