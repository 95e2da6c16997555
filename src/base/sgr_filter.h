// SgrFilter: removes terminal colours from a compiler's messages.
//
// Compiles run with colour forced on, so that one stored result serves a terminal and a file. For a
// file, the filter removes the escape sequences that gcc and clang write: SGR (ESC [ … m) and EL
// (ESC [ K), by ECMA-48. Everything else passes unchanged, also other escape sequences.
//
// Thread: one stream each.
#pragma once

#include <string>
#include <string_view>

namespace zc {

class SgrFilter {
 public:
  // Appends `bytes` without the sequences to `out`. A sequence may be split between calls.
  void filter(std::string_view bytes, std::string& out);
  // At the end of the stream: appends an unfinished sequence, which was none.
  void finish(std::string& out);

 private:
  std::string held_;  // the beginning of what may become a sequence
};

// A whole text at once.
std::string without_sgr(std::string_view text);

}  // namespace zc
