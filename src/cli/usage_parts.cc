#include "cli/usage_parts.h"

#include <algorithm>

#include "base/str.h"

namespace zc::cli {

namespace {

constexpr std::string_view kSynopsisMark = "usage: ";

std::size_t depth_of(std::string_view line) {
  return std::min(line.find_first_not_of(' '), line.size());
}

// "--as NAME": a name and its argument. "--output-stdout[=false]": the argument is glued on.
Option option_of(std::string_view words) {
  const std::size_t end = std::min(words.find_first_of(" ["), words.size());
  return {.name = words.substr(0, end), .argument = trim(words.substr(end))};
}

UsagePart part_of_option(std::string_view line) {
  const std::size_t end = std::min(line.find("  "), line.size());
  UsagePart part;
  part.text = trim(line.substr(end));
  for (std::string_view rest = line.substr(0, end); !rest.empty();) {
    const std::size_t comma = std::min(rest.find(", "), rest.size());
    part.options.push_back(option_of(rest.substr(0, comma)));
    rest.remove_prefix(std::min(comma + 2, rest.size()));
  }
  return part;
}

void append_line(std::string& text, std::string_view line) {
  str_append(text, text.empty() ? "" : " ", line);
}

bool is_literal(std::string_view word) {
  return !word.empty() && std::ranges::all_of(word, [](char c) {
    return (c >= 'a' && c <= 'z') || c == '-' || c == '|';
  }) && word.front() != '-';
}

bool ends_in_command(std::string_view synopsis) {
  return synopsis.contains(" COMMAND ") || synopsis.contains(" COMPILER ");
}

}  // namespace

Usage read_usage(std::string_view text) {
  Usage usage;
  std::size_t option_depth = 0;
  bool is_synopsis = true;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t depth = depth_of(line);
    const std::string_view content = line.substr(depth);
    is_synopsis = is_synopsis && (line.starts_with(kSynopsisMark) || depth == kSynopsisMark.size());
    if (content.empty()) {
      continue;
    }
    if (is_synopsis) {
      usage.synopses.push_back(line.substr(kSynopsisMark.size()));
    } else if (depth > 0 && content.front() == '-') {
      usage.parts.push_back(part_of_option(content));
      option_depth = depth;
    } else if (depth > 0 && depth > option_depth && !usage.parts.empty()) {
      append_line(usage.parts.back().text, content);
    } else {
      const bool goes_on = !usage.parts.empty() && usage.parts.back().options.empty();
      append_line((goes_on ? usage.parts.back() : usage.parts.emplace_back()).text, content);
    }
  }
  return usage;
}

std::vector<Option> Usage::options() const {
  std::vector<Option> all;
  for (const UsagePart& part : parts) {
    all.insert(all.end(), part.options.begin(), part.options.end());
  }
  return all;
}

std::vector<std::string_view> Usage::words() const {
  std::vector<std::string_view> all;
  for (const std::string_view synopsis : synopses) {
    const std::vector<std::string_view> synopsis_words = split(synopsis, ' ');
    if (synopsis_words.size() > 2 && is_literal(synopsis_words[2])) {
      for (const std::string_view word : split(synopsis_words[2], '|')) {
        if (std::ranges::find(all, word) == all.end()) {
          all.push_back(word);
        }
      }
    }
  }
  return all;
}

bool Usage::runs_command() const {
  return std::ranges::any_of(synopses, ends_in_command);
}

bool Usage::is_for_command() const {
  return std::ranges::all_of(synopses, ends_in_command);
}

}  // namespace zc::cli
