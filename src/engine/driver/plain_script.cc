#include "engine/driver/plain_script.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/str.h"

namespace zc::engine::driver {

namespace {

constexpr std::string_view kCallersWords = "\"$@\"";

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_plain_char(char c) {
  return is_letter_or_digit(c) || std::string_view("_-+=./,:@%").contains(c);
}

bool is_variable_name(std::string_view name) {
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::ranges::all_of(name, [](char c) { return c == '_' || is_letter_or_digit(c); });
}

// Text without any meaning to a shell, or a variable alone, perhaps in quotes.
bool is_plain_word(std::string_view word) {
  if (word.size() > 2 && word.starts_with('"') && word.ends_with('"')) {
    word = word.substr(1, word.size() - 2);
  }
  if (word.starts_with("${") && word.ends_with('}')) {
    return is_variable_name(word.substr(2, word.size() - 3));
  }
  if (word.starts_with('$')) {
    return is_variable_name(word.substr(1));
  }
  return !word.empty() && std::ranges::all_of(word, is_plain_char);
}

bool is_shell_line(std::string_view line) {
  return line == "#!/bin/sh" || line == "#!/bin/sh -e" || line == "#!/bin/bash" ||
         line == "#!/bin/bash -e" || line == "#!/usr/bin/env bash" || line == "#!/usr/bin/env sh";
}

// The first word is a program for certain, and no word of the shell's own, behind `exec` or with a
// slash. An assignment before it would change what it sees.
bool is_plain_command(std::string_view line) {
  std::vector<std::string> words = split_words(line, " \t");
  if (!words.empty() && words.front() == "exec") {
    words.erase(words.begin());
  } else if (!words.empty() && !words.front().contains('/')) {
    return false;
  }
  return words.size() > 1 && !words.front().contains('=') && !words.front().starts_with('-') &&
         std::ranges::count(words, kCallersWords) == 1 && words.front() != kCallersWords &&
         std::ranges::all_of(words, [](const std::string& word) {
           return word == kCallersWords || is_plain_word(word);
         });
}

}  // namespace

bool is_plain_script(std::string_view text) {
  int commands = 0;
  bool is_first = true;
  for (const std::string_view line : split(text, '\n')) {
    if (is_first && !is_shell_line(line)) {
      return false;
    }
    const bool is_comment = is_first || line.starts_with('#');
    is_first = false;
    if (line.empty() || is_comment) {
      continue;
    }
    if (!is_plain_command(line)) {
      return false;
    }
    ++commands;
  }
  return commands == 1;
}

}  // namespace zc::engine::driver
