// Every source and header passes through here once, so most of the text must cost next to nothing.
// The scan steps through it in blocks of 16 bytes and skips a block in which nothing can begin that
// matters (is_boring). In all other blocks, look_at examines each byte as the possible beginning of
// a finding, and reads on from there with a Cursor, which passes over line splices and comments as
// a compiler does. Strings, comments and branches are not tracked.

#include "compiler/c/source_scan.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <set>
#include <tuple>

#include "base/path.h"

namespace zc::compiler::c {

namespace {

constexpr std::size_t kTokenBytesMax = 64;  // longer than any word that is looked for

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

// The length of a line splice at `at`: a backslash, blanks that compilers forgive, a line break.
// 0: there is none.
std::size_t splice_length(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '\\') {
    return 0;
  }
  std::size_t end = at + 1;
  while (end < text.size() && is_space(text[end])) {
    ++end;
  }
  return end < text.size() && text[end] == '\n' ? end + 1 - at : 0;
}

// Reads a text as if its splices were not there.
class Cursor {
 public:
  Cursor(std::string_view text, std::size_t at) : text_(text), at_(at) { skip_splices(); }

  // '\0' at the end.
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }

  void advance() {
    ++at_;
    skip_splices();
  }

  bool skip(char c) {
    if (at_end() || peek() != c) {
      return false;
    }
    advance();
    return true;
  }

  // Blanks and comments, not line breaks outside comments.
  void skip_blanks() {
    while (!at_end()) {
      if (is_space(peek())) {
        advance();
      } else if (peek() != '/' || !skip_comment()) {
        return;
      }
    }
  }

  std::string word() {
    std::string out;
    while (is_word(peek()) && out.size() < kTokenBytesMax) {
      out += peek();
      advance();
    }
    return out;
  }

 private:
  void skip_splices() {
    while (const std::size_t length = splice_length(text_, at_)) {
      at_ += length;
    }
  }

  bool skip_comment() {
    Cursor inside = *this;
    inside.advance();
    if (!inside.skip('*')) {
      return false;
    }
    char before = '\0';
    while (!inside.at_end()) {
      const char c = inside.peek();
      inside.advance();
      if (before == '*' && c == '/') {
        *this = inside;
        return true;
      }
      before = c;
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_;
};

// "name" or <name>; nothing when there is neither.
std::optional<IncludeProbe> read_name(Cursor& cursor) {
  cursor.skip_blanks();
  const bool quoted = cursor.peek() == '"';
  if (!quoted && cursor.peek() != '<') {
    return std::nullopt;
  }
  const char close = quoted ? '"' : '>';
  cursor.advance();
  IncludeProbe probe{.name = {}, .kind = quoted ? IncludeKind::kQuote : IncludeKind::kAngle};
  while (!cursor.at_end() && cursor.peek() != close && cursor.peek() != '\n') {
    probe.name += cursor.peek();
    cursor.advance();
  }
  if (cursor.peek() != close || probe.name.empty()) {
    return std::nullopt;
  }
  return probe;
}

// "config.h" and "x/y.inc", but neither "1.2" nor "some text".
bool looks_like_header(std::string_view name) {
  const std::string_view ending = extension(name);
  return ending.size() > 1 && is_word(ending[1]) && (ending[1] < '0' || ending[1] > '9') &&
         name.find(' ') == std::string_view::npos;
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  ScanFacts run();

 private:
  void look_at(std::size_t at);
  void directive(std::size_t at);
  void pragma(Cursor& cursor);
  void include(Cursor& cursor, bool next);
  void macro_name(std::size_t at);
  void part_of_time_macro(std::size_t at);
  void time_word(std::size_t at);
  void has_include(Cursor& cursor, std::size_t at, bool next);
  void assembler_directive(std::size_t at);
  void splice(std::size_t at);
  void trigraph(std::size_t at);

  void condition(Cursor& cursor);
  void definition(Cursor& cursor);
  void record(IncludeProbe probe);
  bool is_being_defined(std::size_t at) const;
  bool is_in_define(std::size_t at) const;
  bool joins_next(std::size_t at) const;
  bool joins_previous(std::size_t at) const;
  std::string_view line_up_to(std::size_t at) const;

  std::string_view text_;
  ScanFacts facts_;
  std::set<std::tuple<std::string, IncludeKind, bool, bool>> seen_;
};

// Sixteen bytes at once: is there any of the pairs that look_at would look at?
using Block [[gnu::vector_size(16)]] = unsigned char;

Block load(const char* from) {
  Block block;
  std::memcpy(&block, from, sizeof block);
  return block;
}

auto is_word(Block c) {
  const Block letter = (c | 0x20) - static_cast<unsigned char>('a');
  const Block digit = c - static_cast<unsigned char>('0');
  return (letter < 26) | (digit < 10) | (c == '_');
}

// Each case of look_at has its pair or triple of bytes here, or the scan would miss it. Reads 18
// bytes: the last pairs begin in the block and end behind it.
bool is_boring(const char* at) {
  const Block a = load(at);
  const Block b = load(at + 1);
  const Block c = load(at + 2);
  const auto found = (a == '#') | (a == '\\') | ((a == '%') & (b == ':')) |
                     ((a == '?') & (b == '?')) | ((a == '.') & ((b | 0x20) == 'i')) |
                     ((a == '_') & (b == '_') & ((c == 'T') | (c == 'D') | (c == 'h'))) |
                     ((a == '_') & (b == '_') & ~is_word(c)) |
                     ((a == 'T') & (b == 'I') & (c == 'M')) |
                     ((a == 'D') & (b == 'A') & (c == 'T'));
  // A lane is all ones where it matched.
  std::uint64_t halves[2];
  std::memcpy(halves, &found, sizeof halves);
  return (halves[0] | halves[1]) == 0;
}

ScanFacts Scanner::run() {
  constexpr std::size_t kStep = sizeof(Block);
  std::size_t at = 0;
  while (at + kStep + 2 <= text_.size()) {
    if (!is_boring(text_.data() + at)) {
      for (std::size_t i = at; i < at + kStep; ++i) {
        look_at(i);
      }
    }
    at += kStep;
  }
  for (; at < text_.size(); ++at) {
    look_at(at);
  }
  return std::move(facts_);
}

void Scanner::look_at(std::size_t at) {
  switch (text_[at]) {
    case '#':
      directive(at + 1);
      break;
    case '%':
      if (at + 1 < text_.size() && text_[at + 1] == ':') {
        directive(at + 2);
      }
      break;
    case '?':
      trigraph(at);
      break;
    case '\\':
      splice(at);
      break;
    case '.':
      assembler_directive(at);
      break;
    case '_':
      macro_name(at);
      part_of_time_macro(at);
      break;
    case 'T':
    case 'D':
      time_word(at);
      break;
    default:
      break;
  }
}

void Scanner::directive(std::size_t at) {
  Cursor cursor(text_, at);
  cursor.skip_blanks();
  const std::string name = cursor.word();
  if (name == "include" || name == "import" || name == "__include_macros") {
    include(cursor, false);
  } else if (name == "include_next") {
    include(cursor, true);
  } else if (name == "embed") {
    facts_.embed = true;
  } else if (name == "pragma") {
    pragma(cursor);
  } else if (name == "if" || name == "elif") {
    condition(cursor);
  } else if (name == "define") {
    definition(cursor);
  }
}

// Header names given to a macro that stands for __has_include: NAME(<a.h>).
void Scanner::condition(Cursor& cursor) {
  std::string word;
  while (!cursor.at_end() && cursor.peek() != '\n') {
    cursor.skip_blanks();
    const char c = cursor.peek();
    if (is_word(c)) {
      word = cursor.word();
    } else if (c == '(' && !word.empty() && !word.starts_with("__has_include")) {
      cursor.advance();
      if (auto probe = read_name(cursor)) {
        probe->tested = true;
        record(*std::move(probe));
      }
      word.clear();
    } else {
      word.clear();
      if (c != '\n') {
        cursor.advance();
      }
    }
  }
}

// Header names that a macro stands for, which may end up in such a condition.
void Scanner::definition(Cursor& cursor) {
  cursor.skip_blanks();
  cursor.word();
  cursor.skip_blanks();
  auto probe = read_name(cursor);
  if (!probe || probe->name.find('\\') != std::string::npos) {
    return;  // Most strings are no names of headers, and one with a backslash is not.
  }
  if (probe->kind == IncludeKind::kAngle || looks_like_header(probe->name)) {
    probe->tested = true;
    record(*std::move(probe));
  }
}

// Pragmas that read files or change what #include means.
void Scanner::pragma(Cursor& cursor) {
  cursor.skip_blanks();
  std::string name = cursor.word();
  if (name == "GCC") {
    cursor.skip_blanks();
    name = cursor.word();
  }
  if (name == "dependency" || name == "pch_preprocess" || name == "include_alias") {
    facts_.has_include_computed = true;
  }
}

void Scanner::include(Cursor& cursor, bool next) {
  if (auto probe = read_name(cursor)) {
    probe->next = next;
    record(*std::move(probe));
  }
}

void Scanner::record(IncludeProbe probe) {
  if (probe.name.find('\\') != std::string::npos) {
    facts_.has_include_computed = true;
  }
  if (seen_.emplace(probe.name, probe.kind, probe.next, probe.tested).second) {
    facts_.probes.push_back(std::move(probe));
  }
}

void Scanner::macro_name(std::size_t at) {
  if (at > 0 && is_word(text_[at - 1])) {
    return;
  }
  Cursor cursor(text_, at);
  const std::string name = cursor.word();
  if (name == "__TIME__") {
    facts_.time_macro = true;
  } else if (name == "__DATE__") {
    facts_.date_macro = true;
  } else if (name == "__TIMESTAMP__") {
    facts_.timestamp_macro = true;
  } else if (name == "__has_include") {
    has_include(cursor, at, false);
  } else if (name == "__has_include_next") {
    has_include(cursor, at, true);
  } else if (name == "__has_embed") {
    facts_.embed = true;
  }
}

// Every way to cut one of these in two leaves a part that is listed here.
constexpr std::array<std::string_view, 3> kTimeMacros = {"__TIME__", "__DATE__", "__TIMESTAMP__"};

bool is_half_of(std::string_view part, std::string_view macro) {
  return part.size() < macro.size() && 2 * part.size() >= macro.size() &&
         (macro.starts_with(part) || macro.ends_with(part));
}

// At the first or the last underscores of a word: is it a part of a macro that ## may complete?
void Scanner::part_of_time_macro(std::size_t at) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < kTokenBytesMax && is_word(text_[begin - 1])) {
    --begin;
  }
  std::size_t end = at;
  while (end < text_.size() && end - begin < kTokenBytesMax && is_word(text_[end])) {
    ++end;
  }
  const std::string_view word = text_.substr(begin, end - begin);
  const bool first_part = word.starts_with("__") && joins_next(end);
  const bool last_part = word.ends_with("__");
  for (const std::string_view macro : kTimeMacros) {
    facts_.time_macro_part |=
        is_half_of(word, macro) && (macro.starts_with(word) ? first_part : last_part);
  }
  if (word == "__" || word == "E__" || word == "P__") {
    facts_.closing_underscores |= joins_previous(begin) || is_in_define(begin);
  }
}

void Scanner::time_word(std::size_t at) {
  if (at > 0 && is_word(text_[at - 1])) {
    return;
  }
  Cursor cursor(text_, at);
  const std::string word = cursor.word();
  if (word == "TIME" || word == "DATE" || word == "TIMESTAMP") {
    facts_.time_word |= joins_previous(at) && joins_next(at + word.size());
  }
}

// May ## paste what ends at `at` to what follows? It does so itself, or the word ends an argument
// or the definition of a macro.
bool Scanner::joins_next(std::size_t at) const {
  Cursor cursor(text_, at);
  cursor.skip_blanks();
  constexpr std::string_view kJoints("#%,)\n", 5);
  return cursor.at_end() || kJoints.find(cursor.peek()) != std::string_view::npos;
}

// The same for what precedes: ## itself, or the beginning of an argument or of a definition.
bool Scanner::joins_previous(std::size_t at) const {
  while (at > 0 && (is_space(text_[at - 1]) || text_[at - 1] == '\n' || text_[at - 1] == '\\')) {
    --at;
  }
  constexpr std::string_view kJoints = "#:,(=/";  // = of -D; a slash may end a comment
  return at > 0 && kJoints.find(text_[at - 1]) != std::string_view::npos;
}

// Without a literal name it is a test whether the operator exists, or a macro of that name that is
// being defined; or a macro will stand for it, and the names given to that are found elsewhere.
void Scanner::has_include(Cursor& cursor, std::size_t at, bool next) {
  if (is_being_defined(at)) {
    return;
  }
  cursor.skip_blanks();
  const bool called = cursor.skip('(');
  auto probe = called ? read_name(cursor) : std::nullopt;
  if (probe) {
    probe->next = next;
    probe->tested = true;
    record(*std::move(probe));
  } else if (is_in_define(at) ? next : called) {
    facts_.has_include_computed = true;
  }
}

// The logical line before `at`.
std::string_view Scanner::line_up_to(std::size_t at) const {
  std::size_t begin = at;
  while (begin > 0) {
    const std::size_t newline = text_.rfind('\n', begin - 1);
    if (newline == std::string_view::npos) {
      begin = 0;
      break;
    }
    begin = newline + 1;
    std::size_t end = newline;
    while (end > 0 && is_space(text_[end - 1])) {
      --end;
    }
    if (end == 0 || text_[end - 1] != '\\') {
      break;
    }
    begin = end - 1;
  }
  return text_.substr(begin, at - begin);
}

bool Scanner::is_in_define(std::size_t at) const {
  const std::string_view line = line_up_to(at);
  const std::size_t hash = line.find_first_of("#:");
  if (hash == std::string_view::npos) {
    return false;
  }
  Cursor cursor(line, hash + 1);
  cursor.skip_blanks();
  return cursor.word() == "define";
}

bool Scanner::is_being_defined(std::size_t at) const {
  std::string_view line = line_up_to(at);
  while (!line.empty() && (is_space(line.back()) || line.back() == '\n' || line.back() == '\\')) {
    line.remove_suffix(1);
  }
  return line.ends_with("define") || line.ends_with("undef");
}

// Assemblers do not care for the case of their directives. A member called .include is followed by
// anything but a string.
void Scanner::assembler_directive(std::size_t at) {
  Cursor cursor(text_, at + 1);
  std::string name = cursor.word();
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 32) : c;
  });
  if (name == "incbin") {
    facts_.incbin = true;
  } else if (name == "include") {
    cursor.skip_blanks();
    cursor.skip('\\');
    facts_.incbin |= cursor.peek() == '"';
  }
}

// A word torn apart by a line splice is put together and looked at as a whole.
void Scanner::splice(std::size_t at) {
  const std::size_t length = splice_length(text_, at);
  const auto is_part = [](char c) { return is_word(c) || c == '.'; };
  if (length == 0 || at == 0 || !is_part(text_[at - 1]) || !is_part(Cursor(text_, at).peek())) {
    return;
  }
  std::size_t begin = at;
  while (begin > 0 && at - begin < kTokenBytesMax && is_part(text_[begin - 1])) {
    --begin;
  }
  std::string joined(text_.substr(begin, at - begin));
  for (Cursor cursor(text_, at); is_part(cursor.peek()) && joined.size() < 2 * kTokenBytesMax;) {
    joined += cursor.peek();
    cursor.advance();
  }
  const auto has = [&](std::string_view word) { return joined.find(word) != std::string::npos; };
  facts_.time_macro |= has("__TIME__");
  facts_.date_macro |= has("__DATE__");
  facts_.timestamp_macro |= has("__TIMESTAMP__");
  facts_.has_include_computed |= has("__has_include");
  facts_.embed |= has("__has_embed");
  facts_.incbin |= has(".inc") || has(".INC");
}

// "??=" is '#', "??/" a backslash, where the language has trigraphs. A directive or a splice made
// with one is not read, so the file counts as one that hides everything.
void Scanner::trigraph(std::size_t at) {
  const std::string_view three = text_.substr(at, 3);
  if (three == "?\?=") {
    Cursor cursor(text_, at + 3);
    cursor.skip_blanks();
    const std::string name = cursor.word();
    if (name.empty() || name.starts_with("include") || name == "import" || name == "embed" ||
        name == "pragma") {
      facts_.has_include_computed = true;
    }
  } else if (three == "?\?/") {
    std::size_t end = at + 3;
    while (end < text_.size() && is_space(text_[end])) {
      ++end;
    }
    facts_.has_include_computed |= end < text_.size() && text_[end] == '\n';
  }
}

}  // namespace

ScanFacts scan_source(std::string_view text) {
  return Scanner(text).run();
}

}  // namespace zc::compiler::c
