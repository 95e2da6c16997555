#include "compiler/response_file.h"

#include "base/result.h"

namespace zc::compiler {

namespace {

// gcc stops at 2000 replacements and fails; no build comes near either bound. The first also ends a
// file that names itself.
constexpr int kExpansionsMax = 200;
constexpr std::size_t kWordsMax = 1'000'000;

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool has_byte_order_mark(std::string_view text) {
  return text.starts_with("\xef\xbb\xbf") || text.starts_with("\xff\xfe") ||
         text.starts_with("\xfe\xff");
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::optional<std::vector<std::string>> run() {
    while (true) {
      while (!text_.empty() && is_blank(text_.front())) {
        text_.remove_prefix(1);
      }
      if (text_.empty()) {
        return std::move(words_);
      }
      std::string word;
      if (!read_word(word) || word.empty()) {
        return std::nullopt;
      }
      words_.push_back(std::move(word));
    }
  }

 private:
  // False when compilers might disagree.
  bool read_word(std::string& word) {
    while (!text_.empty() && !is_blank(text_.front())) {
      const char c = text_.front();
      const bool good = c == '\\'               ? read_escape(word)
                        : c == '"' || c == '\'' ? read_quoted(word, c)
                                                : read_plain(word);
      if (!good) {
        return false;
      }
    }
    return true;
  }

  bool read_plain(std::string& word) {
    word += text_.front();
    text_.remove_prefix(1);
    return true;
  }

  bool read_escape(std::string& word) {
    if (text_.size() < 2 || text_[1] == '\n' || text_[1] == '\r') {
      return false;
    }
    word += text_[1];
    text_.remove_prefix(2);
    return true;
  }

  bool read_quoted(std::string& word, char quote) {
    text_.remove_prefix(1);
    while (!text_.empty() && text_.front() != quote) {
      if (text_.front() != '\\') {
        read_plain(word);
        continue;
      }
      // Newer versions follow the shell here: only these two escapes mean the same everywhere.
      const bool portable =
          quote == '"' && text_.size() >= 2 && (text_[1] == '"' || text_[1] == '\\');
      if (!portable || !read_escape(word)) {
        return false;
      }
    }
    if (text_.empty()) {
      return false;
    }
    text_.remove_prefix(1);
    return true;
  }

  std::string_view text_;
  std::vector<std::string> words_;
};

class Expander {
 public:
  explicit Expander(const ResponseFileReader& read_file) : read_file_(read_file) {}

  OrBypass<> append(std::span<const std::string> args) {
    for (const std::string& arg : args) {
      if (!arg.starts_with('@')) {
        words_.push_back(arg);
        continue;
      }
      const std::optional<std::string> text = ++expansions_ <= kExpansionsMax
                                                  ? read_file_(std::string_view(arg).substr(1))
                                                  : std::nullopt;
      const auto words = text ? split_response_file(*text) : std::nullopt;
      if (!words || words->size() + words_.size() > kWordsMax) {
        return bypass(Reason::kUnsupportedResponseFile, arg);
      }
      TRY(append(*words));
    }
    return {};
  }

  std::vector<std::string> take() { return std::move(words_); }

 private:
  const ResponseFileReader& read_file_;
  int expansions_ = 0;
  std::vector<std::string> words_;
};

}  // namespace

std::optional<std::vector<std::string>> split_response_file(std::string_view text) {
  constexpr std::string_view kDisputed("\0\f\v", 3);
  if (text.find_first_of(kDisputed) != std::string_view::npos || has_byte_order_mark(text)) {
    return std::nullopt;
  }
  return Splitter(text).run();
}

OrBypass<std::vector<std::string>> expand_response_files(std::span<const std::string> args,
                                                         const ResponseFileReader& read_file) {
  Expander expander(read_file);
  TRY(expander.append(args));
  return expander.take();
}

}  // namespace zc::compiler
