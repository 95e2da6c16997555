#include "cli/unknown_word.h"

#include <algorithm>
#include <array>
#include <vector>

#include "base/str.h"
#include "base/subcommands.h"
#include "cli/command.h"
#include "config/keys.h"

namespace zc::cli {

namespace {

// Options of ccache and sccache that no command of ours stands for, and what does the same here.
struct ForeignOption {
  std::string_view word;
  std::string_view advice;
};
constexpr std::string_view kSet = "type: zccache config set KEY VALUE";
constexpr std::string_view kGet = "type: zccache config get KEY";
constexpr std::string_view kSize = "type: zccache config set max_size 20G";
constexpr std::string_view kCleansItself =
    "the oldest results leave the cache by themselves; to remove all, type: zccache clear";
constexpr std::string_view kNothingToCompress =
    "nothing is compressed; what the cache takes is printed by: zccache cache size";
constexpr std::array kForeignOptions = {
    ForeignOption{"-o", kSet},
    ForeignOption{"--set-config", kSet},
    ForeignOption{"-k", kGet},
    ForeignOption{"--get-config", kGet},
    ForeignOption{"-M", kSize},
    ForeignOption{"--max-size", kSize},
    ForeignOption{"--cleanup", kCleansItself},
    ForeignOption{"--evict-older-than", kCleansItself},
    ForeignOption{"--trim-dir", kCleansItself},
    ForeignOption{"-F",
                  "files are not limited; for the size, type: zccache config set max_size 20G"},
    ForeignOption{"--max-files",
                  "files are not limited; for the size, type: zccache config set max_size 20G"},
    ForeignOption{"-d", "the directory is set by a variable, as in: ZCCACHE_CACHE_DIR=/path"},
    ForeignOption{"--directory",
                  "the directory is set by a variable, as in: ZCCACHE_CACHE_DIR=/path"},
    ForeignOption{"--config-path", "type: zccache config"},
    ForeignOption{"-x", kNothingToCompress},
    ForeignOption{"--show-compression", kNothingToCompress},
    ForeignOption{"-X", kNothingToCompress},
    ForeignOption{"--recompress", kNothingToCompress},
    ForeignOption{"--print-stats", "for a script, type: zccache status --json"},
    ForeignOption{"--print-statistics", "for a script, type: zccache status --json"},
    ForeignOption{"--dist-status",
                  "compiles are not distributed; for the figures, type: zccache status"},
    ForeignOption{"--dist-auth", "compiles are not distributed"},
};

// In a word that is taken for another one.
constexpr std::size_t kMistakesMax = 2;

// How many letters to insert, remove, replace, or exchange with their neighbour make `a` of `b`
// (optimal string alignment, G. Navarro, A guided tour to approximate string matching, 2001).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> of(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        of[i][j] = i + j;
        continue;
      }
      of[i][j] = std::min(
          {of[i - 1][j] + 1, of[i][j - 1] + 1, of[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        of[i][j] = std::min(of[i][j], of[i - 2][j - 2] + 1);
      }
    }
  }
  return of[a.size()][b.size()];
}

// The command that `word` comes next to, or nothing if it comes next to none.
std::string_view nearest_command(std::string_view word) {
  const auto distance_of = [&](std::string_view name) { return distance(word, name); };
  const std::string_view nearest = *std::ranges::min_element(kSubcommands, {}, distance_of);
  // One mistake in three letters, or it is another word.
  return distance_of(nearest) <= std::min(kMistakesMax, word.size() / 3) ? nearest : "";
}

std::string suggestion_for(std::string_view word) {
  const std::string_view nearest = nearest_command(word);
  return nearest.empty() ? "; try: zccache help" : str_cat("; did you mean: zccache ", nearest);
}

// "--max-size=5G" and "-M5G" without their values.
std::string_view name_of_option(std::string_view option) {
  constexpr std::string_view kWithValue = "MFok";
  constexpr std::size_t kDashAndLetter = 2;
  const bool is_glued = option.size() > kDashAndLetter && kWithValue.contains(option[1]);
  return is_glued ? option.substr(0, kDashAndLetter) : option.substr(0, option.find('='));
}

// What may have been meant as KEY=VALUE before the compiler.
std::string advice_on_setting(std::string_view key) {
  const config::Key* nearest = nullptr;
  for (const config::Key& candidate : config::keys()) {
    if (nearest == nullptr || distance(key, candidate.name) < distance(key, nearest->name)) {
      nearest = &candidate;
    }
  }
  return distance(key, nearest->name) <= kMistakesMax
             ? str_cat("; did you mean the setting ", nearest->name, "?")
             : std::string("; settings are listed by: zccache config");
}

Advice advise_on_option(std::string_view option) {
  const std::string_view name = name_of_option(option);
  const auto* const known = std::ranges::find(kForeignOptions, name, &ForeignOption::word);
  if (known != kForeignOptions.end()) {
    return {.text = str_cat("zccache: ", name, ": ", known->advice), .exit_code = kUsageError};
  }
  return {.text = str_cat("zccache: unknown option '", option,
                          "'; an option of a compiler goes behind its name, as in: zccache gcc -c "
                          "a.c; for those of zccache, type: zccache help"),
          .exit_code = kUsageError};
}

}  // namespace

Advice advise_on(std::string_view word) {
  if (word.starts_with('-')) {
    return advise_on_option(word);
  }
  return {.text = str_cat("zccache: unknown command '", word, "'", suggestion_for(word)),
          .exit_code = kUsageError};
}

Advice advise_on_missing(std::string_view word) {
  if (const std::size_t equals = word.find('='); equals != std::string_view::npos) {
    return {.text = str_cat("zccache: there is no setting '", word.substr(0, equals), "'",
                            advice_on_setting(word.substr(0, equals))),
            .exit_code = kNotThere};
  }
  return {.text = str_cat("zccache: cannot find ", word,
                          " on PATH, and it is no command of zccache", suggestion_for(word)),
          .exit_code = kNotThere};
}

}  // namespace zc::cli
