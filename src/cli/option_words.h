// OptionWords: the words behind a command, one after the other. The value of an option is the rest
// of its word behind "=", or the next word.
//
// Thread: main. Borrows the words.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "cli/command.h"

namespace zc::cli {

class OptionWords {
 public:
  explicit OptionWords(Args args) : args_(args) {}

  // To the next word. False: there is none.
  bool next() { return ++at_ <= args_.size(); }
  std::string_view word() const { return args_[at_ - 1]; }

  bool is(std::string_view option) const { return word() == option; }

  // The value, if the word is this option; goes on to the next word if it stands there. Nothing
  // also if there is no value.
  std::optional<std::string_view> value_of(std::string_view option) {
    if (word().starts_with(option) && word().substr(option.size()).starts_with('=')) {
      return word().substr(option.size() + 1);
    }
    if (!is(option) || at_ == args_.size()) {
      return std::nullopt;
    }
    return std::string_view(args_[at_++]);
  }
  std::optional<std::string_view> value_of(std::string_view option, std::string_view other) {
    const auto value = value_of(option);
    return value ? value : value_of(other);
  }

 private:
  Args args_;
  std::size_t at_ = 0;  // of the word, counted from 1
};

}  // namespace zc::cli
