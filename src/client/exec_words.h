// The words of `zccache exec [options] -- COMMAND …`: where the command begins, and what the client
// itself needs to know of the options. The daemon reads them (engine/command/options.h).
//
// Thread: values.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace zc::client {

struct ExecWords {
  std::span<char* const> options;
  std::size_t command = 0;        // the index of its name among the words
  std::string_view endpoint;      // of the daemon to ask; empty: the usual one
  bool takes_input_list = false;  // standard input is a list of input files
};

// `words` follow `exec`. Nothing is looked up: without a `--`, or with nothing behind it, `command`
// is the number of words.
ExecWords read_exec_words(std::span<char* const> words);

}  // namespace zc::client
