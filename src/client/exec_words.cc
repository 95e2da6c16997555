#include "client/exec_words.h"

#include <algorithm>

namespace zc::client {

namespace {

constexpr std::string_view kEndpoint = "--endpoint";

}  // namespace

ExecWords read_exec_words(std::span<char* const> words) {
  const auto end = std::ranges::find(words, std::string_view("--"),
                                     [](const char* word) { return std::string_view(word); });
  ExecWords out;
  out.options = words.first(static_cast<std::size_t>(end - words.begin()));
  out.command = std::min(out.options.size() + 1, words.size());
  for (std::size_t i = 0; i < out.options.size(); ++i) {
    std::string_view word = out.options[i];
    out.takes_input_list |= word == "--input-file-stdin";
    if (!word.starts_with(kEndpoint)) {
      continue;
    }
    word.remove_prefix(kEndpoint.size());
    if (word.starts_with('=')) {
      out.endpoint = word.substr(1);
    } else if (word.empty() && i + 1 < out.options.size()) {
      out.endpoint = out.options[i + 1];
    }
  }
  return out;
}

}  // namespace zc::client
