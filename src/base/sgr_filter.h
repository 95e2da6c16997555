// SgrFilter: takes terminal colours out of a compiler's messages.
//
// Results are stored with colour forced on, so that one stored result serves a terminal and a file.
// For a file, the escape sequences that gcc and clang write are removed again: SGR (ESC [ … m) and
// EL (ESC [ K), by ECMA-48. Everything else passes unchanged, also other escape sequences.
//
// Thread: one stream each.
#pragma once

#include <string>
#include <string_view>

namespace zc {

class SgrFilter {
 public:
  // Appends what is left of `bytes` to `out`. A sequence may be split between calls.
  void filter(std::string_view bytes, std::string& out);
  // At the end of the stream: an unfinished sequence was none, and is given back.
  void finish(std::string& out);

 private:
  std::string held_;  // the beginning of what may become a sequence
};

// A whole text at once.
std::string without_sgr(std::string_view text);

}  // namespace zc
