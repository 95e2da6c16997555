#include "cli/page_template.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/str.h"

namespace zc::cli {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

using Scopes = std::vector<const PageValues*>;  // the innermost last

struct Tag {
  char kind = 0;  // '#', '^', '{', or 0 for a text
  std::string_view name;
};

// The innermost text or list of that name; nullptr: there is none.
const std::string* text_of(const Scopes& scopes, std::string_view name) {
  for (std::size_t i = scopes.size(); i-- > 0;) {
    if (const auto found = scopes[i]->texts.find(name); found != scopes[i]->texts.end()) {
      return &found->second;
    }
  }
  return nullptr;
}
const std::vector<PageValues>* list_of(const Scopes& scopes, std::string_view name) {
  for (std::size_t i = scopes.size(); i-- > 0;) {
    if (const auto found = scopes[i]->lists.find(name); found != scopes[i]->lists.end()) {
      return &found->second;
    }
  }
  return nullptr;
}

// What lies before `end`, which is taken off as well; all, if it is not there.
std::string_view take_until(std::string_view& text, std::string_view end) {
  const std::size_t at = std::min(text.find(end), text.size());
  const std::string_view out = text.substr(0, at);
  text.remove_prefix(std::min(at + end.size(), text.size()));
  return out;
}

// Behind "{{".
Tag take_tag(std::string_view& skeleton) {
  constexpr std::string_view kKinds = "#^{";
  Tag out;
  if (!skeleton.empty() && kKinds.contains(skeleton.front())) {
    out.kind = skeleton.front();
    skeleton.remove_prefix(1);
  }
  out.name = take_until(skeleton, out.kind == '{' ? "}}}" : "}}");
  return out;
}

void fill(std::string_view skeleton, Scopes& scopes, std::string& out);

void fill_section(const Tag& tag, std::string_view body, Scopes& scopes, std::string& out) {
  const std::vector<PageValues>* const list = list_of(scopes, tag.name);
  const std::string* const text = text_of(scopes, tag.name);
  const bool is_there = list != nullptr ? !list->empty() : text != nullptr && !text->empty();
  if (tag.kind == '^' || list == nullptr) {
    if (is_there == (tag.kind == '#')) {
      fill(body, scopes, out);
    }
    return;
  }
  for (const PageValues& entry : *list) {
    scopes.push_back(&entry);
    fill(body, scopes, out);
    scopes.pop_back();
  }
}

void fill(std::string_view skeleton, Scopes& scopes, std::string& out) {
  while (true) {
    out += take_until(skeleton, "{{");
    if (skeleton.empty()) {
      return;
    }
    const Tag tag = take_tag(skeleton);
    if (tag.kind == '#' || tag.kind == '^') {
      fill_section(tag, take_until(skeleton, str_cat("{{/", tag.name, "}}")), scopes, out);
    } else if (const std::string* const text = text_of(scopes, tag.name)) {
      out += tag.kind == '{' ? *text : html_escape(*text);
    }
  }
}

// Bytes of the character at the front; 0: it is none.
std::size_t length_of_character(std::string_view text) {
  for (std::size_t length = 1; length <= std::min<std::size_t>(4, text.size()); ++length) {
    if (is_utf8(text.substr(0, length))) {
      return length;
    }
  }
  return 0;
}

std::string_view escape_of(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\t':
    case '\n':
      return {};
    default:
      return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F ? kReplacement : std::string_view();
  }
}

}  // namespace

std::string fill_page(std::string_view skeleton, const PageValues& values) {
  std::string out;
  Scopes scopes = {&values};
  fill(skeleton, scopes, out);
  return out;
}

std::string html_escape(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = length_of_character(text);
    const std::string_view escape = length == 0 ? kReplacement : escape_of(text.front());
    out += escape.empty() ? text.substr(0, length) : escape;
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string json_in_html(std::string_view json) {
  std::string out;
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace zc::cli
