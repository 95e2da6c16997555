#include "engine/command/listed_files.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <set>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"

namespace zc::engine::command {

namespace {

// Sources that a scan reads at most; a real program has thousands.
constexpr std::size_t kScannedMax = 100'000;

constexpr std::string_view kBlanks = " \t";

// One word of a rule. A backslash quotes a blank, a colon, a hash or another one; a dollar is
// written twice.
std::string unquoted(std::string_view word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool is_quote =
        word[i] == '\\' && i + 1 < word.size() && std::string_view(" \t:#\\").contains(word[i + 1]);
    const bool is_dollar = word.substr(i).starts_with("$$");
    i += is_quote || is_dollar ? 1 : 0;
    out += word[i];
  }
  return out;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '\\') {
      ++i;
    } else if (i == line.size() || kBlanks.contains(line[i])) {
      if (i > begin) {
        out.push_back(line.substr(begin, i - begin));
      }
      begin = i + 1;
    }
  }
  return out;
}

struct Include {
  std::string name;
  bool is_quoted = false;
};

std::optional<Include> include_in(std::string_view line) {
  const auto skip_blanks = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  };
  skip_blanks();
  if (!line.starts_with('#')) {
    return std::nullopt;
  }
  line.remove_prefix(1);
  skip_blanks();
  constexpr std::string_view kWord = "include";
  if (!line.starts_with(kWord)) {
    return std::nullopt;
  }
  line.remove_prefix(kWord.size());
  skip_blanks();
  if (line.empty() || (line.front() != '"' && line.front() != '<')) {
    return std::nullopt;
  }
  const bool is_quoted = line.front() == '"';
  const std::size_t end = line.find(is_quoted ? '"' : '>', 1);
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  return Include{.name = std::string(line.substr(1, end - 1)), .is_quoted = is_quoted};
}

class Scan {
 public:
  Scan(const os::FileSystem& fs, const std::string& cwd, const Options& options)
      : fs_(fs), cwd_(cwd), options_(options) {}

  std::vector<std::string> run() {
    for (const std::string& file : options_.scanned_files) {
      add(join_path(cwd_, file));
    }
    for (std::size_t next = 0; next < found_.size() && next < kScannedMax; ++next) {
      read(std::string(found_[next]));
    }
    return std::move(found_);
  }

 private:
  void add(std::string path) {
    path = without_dots(path);
    if (known_.insert(path).second) {
      found_.push_back(std::move(path));
    }
  }

  void read(const std::string& path) {
    const auto source =
        fs_.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kInputBytesMax);
    if (!source) {
      return;
    }
    for (const std::string_view line : split(source->bytes, '\n')) {
      if (const auto include = include_in(line)) {
        find(*include, std::string(dir_name(path)));
      }
    }
  }

  void find(const Include& include, std::string here) {
    const std::array<std::vector<std::string>, 2> beside = {
        {{std::move(here)}, options_.quote_directories}};
    if (include.is_quoted && std::ranges::any_of(beside, [&](const auto& directories) {
          return is_found(include.name, directories);
        })) {
      return;
    }
    if (!is_found(include.name, options_.include_directories)) {
      (void)is_found(include.name, options_.system_directories);
    }
  }

  // Adds the first.
  bool is_found(const std::string& name, const std::vector<std::string>& directories) {
    for (const std::string& directory : directories) {
      std::string path = join_path(join_path(cwd_, directory), name);
      os::FileStamp stamp;
      if (fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0 && stamp.is_regular()) {
        add(std::move(path));
        return true;
      }
    }
    return false;
  }

  const os::FileSystem& fs_;
  const std::string& cwd_;
  const Options& options_;
  std::vector<std::string> found_;
  std::set<std::string> known_;
};

}  // namespace

std::vector<std::string> prerequisites_of(std::string_view rules) {
  std::string text(rules);
  std::vector<std::string> out;
  for (std::size_t at = text.find("\\\n"); at != std::string::npos; at = text.find("\\\n", at)) {
    text.replace(at, 2, "  ");
  }
  for (const std::string_view line : split(text, '\n')) {
    bool is_behind_colon = false;
    for (const std::string_view word : words_of(line)) {
      if (is_behind_colon) {
        out.push_back(unquoted(word));
      }
      is_behind_colon |= word.ends_with(':') && !word.ends_with("\\:");
    }
  }
  return out;
}

std::vector<std::string> included_files(const os::FileSystem& fs, const std::string& cwd,
                                        const Options& options) {
  return Scan(fs, cwd, options).run();
}

}  // namespace zc::engine::command
