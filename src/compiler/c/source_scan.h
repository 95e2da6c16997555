// scan_source: finds in the text of a source or header what concerns inputs that no depfile names.
//
// Macros that expand to the time, directives that read other files, and the names that #include and
// __has_include look for. Found by looking at the bytes, not by preprocessing: comments, strings
// and branches not taken count as well. So there may be too many findings, never too few, with two
// known exceptions: a word put together by ## of more than three parts, or of three of which the
// middle one is not TIME, DATE or TIMESTAMP; and a name that reaches __has_include through two
// macros without looking like a header.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zc::compiler::c {

enum class IncludeKind : std::uint8_t { kQuote, kAngle };

// A name that is looked for along the search path.
struct IncludeProbe {
  std::string name;
  IncludeKind kind = IncludeKind::kQuote;
  bool next = false;    // by #include_next or __has_include_next
  bool tested = false;  // by __has_include: that the file is there matters, read or not

  bool operator==(const IncludeProbe&) const = default;
};

struct ScanFacts {
  bool time_macro = false;       // __TIME__
  bool date_macro = false;       // __DATE__
  bool timestamp_macro = false;  // __TIMESTAMP__
  // A word that ## can only complete to one of these: __TI, ME__, …
  bool time_macro_part = false;
  // TIME, DATE or TIMESTAMP where ## could put something before and after it, and underscores where
  // ## could put them after something: together, in whichever files, they may make such a macro.
  bool time_word = false;
  bool closing_underscores = false;
  bool incbin = false;  // .incbin or .include of an assembler
  bool embed = false;   // #embed or __has_embed
  // A probe whose name is not in the text: __has_include(MACRO), a name with a backslash (clang
  // writes it as a slash), #pragma GCC dependency, …
  bool has_include_computed = false;
  std::vector<IncludeProbe> probes;  // each once, in order of first appearance
};

// `text` may be any bytes. The result holds for the content, wherever the file is, so it can be
// remembered by the digest.
ScanFacts scan_source(std::string_view text);

}  // namespace zc::compiler::c
