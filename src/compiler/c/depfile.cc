#include "compiler/c/depfile.h"

#include <algorithm>

#include "base/result.h"
#include "base/str.h"

namespace zc::compiler::c {

namespace {

// Columns at which lines break: colmax in gcc's "mkdeps.cc", MaxColumns in clang's
// "DependencyFile.cpp".
constexpr std::size_t kGccColumns = 72;
constexpr std::size_t kClangColumns = 75;

// Quotes names one at a time, without a copy of those that need nothing.
//
// A blank is escaped, and so is every backslash before it; '$' is doubled; '#' is escaped.
class Quoter {
 public:
  explicit Quoter(bool tab_is_blank) : special_(tab_is_blank ? " $#\t" : " $#") {}

  // Good until the next call, and as long as `text`.
  std::string_view quote(std::string_view text) {
    if (text.find_first_of(special_) == std::string_view::npos) {
      return text;
    }
    quoted_.clear();
    std::size_t backslashes = 0;  // that stand right before this character
    for (const char c : text) {
      if (c == '$') {
        quoted_ += '$';
      } else if (c == '#') {
        quoted_ += '\\';
      } else if (special_.find(c) != std::string_view::npos) {
        quoted_.append(backslashes + 1, '\\');
      }
      backslashes = c == '\\' ? backslashes + 1 : 0;
      quoted_ += c;
    }
    return quoted_;
  }

 private:
  std::string_view special_;
  std::string quoted_;
};

Quoter quoter_of(Family family) {
  return Quoter(family == Family::kGcc);
}

// gcc breaks a line before a word that would end beyond the last column.
class GccWriter {
 public:
  void word(std::string_view text) {
    if (column_ != 0 && column_ + text.size() > kGccColumns) {
      out_ += " \\\n";
      column_ = 0;
      space();
    } else if (column_ != 0) {
      space();
    }
    out_ += text;
    column_ += text.size();
  }

  void colon() {
    out_ += ':';
    ++column_;
  }

  std::string take() { return std::move(out_); }

 private:
  void space() {
    out_ += ' ';
    ++column_;
  }

  std::string out_;
  std::size_t column_ = 0;
};

std::string gcc_rule(const DepRequest& request, std::span<const std::string_view> deps) {
  GccWriter writer;
  Quoter quoter = quoter_of(Family::kGcc);
  for (const std::string& target : request.targets) {
    writer.word(target);
  }
  writer.colon();
  for (const std::string_view dep : deps) {
    writer.word(quoter.quote(dep));
  }
  return writer.take();
}

// clang keeps room for a continuation at the end of a line, and counts a path without its quoting.
std::string clang_rule(const DepRequest& request, std::span<const std::string_view> deps) {
  std::string out;
  Quoter quoter = quoter_of(Family::kClang);
  std::size_t column = 0;
  for (const std::string& target : request.targets) {
    if (column == 0) {
      column = target.size();
    } else if (column + target.size() + 2 > kClangColumns) {
      out += " \\\n  ";
      column = target.size() + 2;
    } else {
      out += ' ';
      column += target.size() + 1;
    }
    out += target;
  }
  out += ':';
  ++column;
  for (const std::string_view dep : deps) {
    if (column + dep.size() + 3 > kClangColumns) {
      out += " \\\n ";
      column = 2;
    }
    out += ' ';
    out += quoter.quote(dep);
    column += dep.size() + 1;
  }
  return out;
}

std::string rule(const DepRequest& request, std::span<const std::string_view> deps, Family family) {
  return family == Family::kGcc ? gcc_rule(request, deps) : clang_rule(request, deps);
}

// Reads one path off the front of `text`, up to a blank or the end of the line that is not escaped.
// Before a blank, a run of 2n + 1 backslashes is n of them and the blank; before '#', the last one
// quotes it; anywhere else all of them stand for themselves. A '$' that is not doubled is none of
// ours.
std::optional<std::string> read_path(std::string_view& text, Family family) {
  std::string path;
  while (!text.empty() && text.front() != ' ' && text.front() != '\n') {
    const std::size_t run = std::min(text.find_first_not_of('\\'), text.size());
    const char next = run < text.size() ? text[run] : '\n';
    const bool is_blank = next == ' ' || (next == '\t' && family == Family::kGcc);
    if (run == 0) {
      if (next == '$' && !text.starts_with("$$")) {
        return std::nullopt;
      }
      path += next;
      text.remove_prefix(next == '$' ? 2 : 1);
    } else if (is_blank && run % 2 == 1) {
      path.append(run / 2, '\\');
      path += next;
      text.remove_prefix(run + 1);
    } else if (next == '#') {
      path.append(run - 1, '\\');
      path += next;
      text.remove_prefix(run + 1);
    } else {
      path.append(run, '\\');
      text.remove_prefix(run);
    }
  }
  return path.empty() ? std::nullopt : std::optional(std::move(path));
}

}  // namespace

std::string quote_for_make(std::string_view text) {
  return std::string(quoter_of(Family::kGcc).quote(text));
}

std::string write_depfile(const DepRequest& request, std::span<const std::string_view> deps,
                          Family family) {
  std::string out = rule(request, deps, family);
  out += '\n';
  if (request.phony) {
    Quoter quoter = quoter_of(family);
    for (const std::string_view dep : deps.subspan(deps.empty() ? 0 : 1)) {
      str_append(out, family == Family::kClangOld ? "\n" : "", quoter.quote(dep), ":\n");
    }
  }
  return out;
}

std::string write_depfile(const DepRequest& request, std::span<const std::string> deps,
                          Family family) {
  const std::vector<std::string_view> views(deps.begin(), deps.end());
  return write_depfile(request, std::span(views), family);
}

std::optional<std::vector<std::string>> parse_depfile(std::string_view text,
                                                      const DepRequest& request, Family family) {
  constexpr std::string_view kContinuation = "\\\n";
  // What is written before the first prerequisite does not depend on those that follow.
  const std::string head = rule(request, {}, family);
  if (!text.starts_with(head)) {
    return std::nullopt;
  }
  std::string_view rest = text.substr(head.size());
  std::vector<std::string> deps;
  while (!rest.empty() && rest.front() != '\n') {
    if (rest.front() == ' ') {
      rest.remove_prefix(1);
    } else if (rest.starts_with(kContinuation)) {
      rest.remove_prefix(kContinuation.size());
    } else {
      TRY_ASSIGN(std::string path, read_path(rest, family));
      deps.push_back(std::move(path));
    }
  }
  return write_depfile(request, deps, family) == text ? std::optional(std::move(deps))
                                                      : std::nullopt;
}

}  // namespace zc::compiler::c
