#include "codec/toml.h"

#include <algorithm>
#include <sstream>

#include <toml++/toml.h>

#include "base/str.h"

namespace zc::codec {

namespace {

Result<toml::table> parse(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return fail(Code::kInvalid, str_cat("line ", std::uint64_t{error.source().begin.line}, ": ",
                                        error.description()));
  }
}

Result<Json> json_of(const toml::table& table) {
  std::ostringstream json;
  json << toml::json_formatter(table);
  return Json::parse(json.str());
}

// The library counts lines and characters, both from 1.
std::size_t offset_of(std::string_view text, const toml::source_position& at) {
  std::size_t offset = 0;
  for (std::uint64_t line = 1; line < at.line; ++line) {
    const std::size_t end = text.find('\n', offset);
    offset = end == std::string_view::npos ? text.size() : end + 1;
  }
  constexpr auto kIsContinued = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
  };
  for (std::uint64_t column = 1; column < at.column && offset < text.size(); ++column) {
    ++offset;
    while (offset < text.size() && kIsContinued(text[offset])) {
      ++offset;
    }
  }
  return offset;
}

}  // namespace

Result<Json> parse_toml(std::string_view text) {
  TRY_ASSIGN(const toml::table table, parse(text));
  return json_of(table);
}

Result<std::vector<TomlEntry>> toml_entries(std::string_view text) {
  TRY_ASSIGN(const toml::table table, parse(text));
  TRY_ASSIGN(const Json values, json_of(table));
  std::vector<TomlEntry> out;
  for (const auto& [key, node] : table) {
    const toml::source_region& region = node.source();
    const std::string name(key.str());
    out.push_back({.key = name,
                   .value = values.at(name),
                   .line = region.begin.line,
                   .begin = offset_of(text, region.begin),
                   .end = offset_of(text, region.end)});
  }
  std::ranges::sort(out, {}, &TomlEntry::begin);
  return out;
}

}  // namespace zc::codec
