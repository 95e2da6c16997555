#include "config/keys.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/setting_names.h"
#include "base/str.h"

namespace zc::config {

namespace {

constexpr std::array kKeys = {
    Key{.name = "cache_buster",
        .project = Project::kAdds,
        .standard = "none",
        .means = "a word in the key of each command: another one, other results"},
    Key{.name = "cache_dir",
        .kind = Kind::kPath,
        .applies = Applies::kVariable,
        .standard = "~/.zccache",
        .means = "directory for everything that zccache keeps"},
    Key{.name = "cache_failures",
        .kind = Kind::kBool,
        .project = Project::kLower,
        .standard = "yes",
        .careful = "no",
        .means = "whether failed commands are kept and replayed"},
    Key{.name = "colocate",
        .kind = Kind::kBool,
        .applies = Applies::kVariable,
        .standard = "no",
        .means = "keep the cache on the volume of the build, if the home is on another one"},
    Key{.name = "config",
        .kind = Kind::kPath,
        .applies = Applies::kVariable,
        .standard = "~/.config/zccache/config.toml",
        .means = "the user's file of settings"},
    Key{.name = "daemon_namespace",
        .applies = Applies::kVariable,
        .standard = "none",
        .means = "a name for a second daemon with a cache of its own"},
    Key{.name = "daemon_state_dir",
        .kind = Kind::kPath,
        .applies = Applies::kVariable,
        .standard = "in the cache directory",
        .means = "directory for what a daemon keeps, apart from its program"},
    Key{.name = "disable",
        .kind = Kind::kBool,
        .project = Project::kLower,
        .standard = "no",
        .careful = "yes",
        .means = "run compilers as if zccache were not there"},
    Key{.name = "endpoint",
        .kind = Kind::kPath,
        .applies = Applies::kVariable,
        .standard = "in the cache directory",
        .means = "path of the daemon's socket"},
    Key{.name = "ephemeral_log",
        .kind = Kind::kPath,
        .applies = Applies::kVariable,
        .standard = "none",
        .means = "a file that gets a line for each command without a session"},
    Key{.name = "extra_files",
        .kind = Kind::kPaths,
        .project = Project::kAdds,
        .standard = "none",
        .means = "files whose content each result depends on as well"},
    Key{.name = "idle_timeout_secs",
        .kind = Kind::kSeconds,
        .applies = Applies::kDaemon,
        .standard = "3600",
        .careful = "3600",
        .means = "the daemon exits after so long without a request; 0: never"},
    Key{.name = "link_deploy_cmd",
        .applies = Applies::kVariable,
        .standard = "none",
        .means = "a command to run behind each link"},
    Key{.name = "links",
        .kind = Kind::kChoice,
        .project = Project::kLower,
        .standard = "auto",
        .careful = "never",
        .words = "never measure auto always",
        .means = "which links and archives are served"},
    Key{.name = "log",
        .kind = Kind::kChoice,
        .applies = Applies::kDaemon,
        .standard = "info",
        .careful = "info",
        .words = "error warn info debug",
        .means = "what the daemon logs; as a variable at debug, the client says why it did without "
                 "the cache"},
    Key{.name = "max_size",
        .kind = Kind::kSize,
        .applies = Applies::kDaemon,
        .standard = "5 % of the file system, 5 to 50 GB",
        .careful = "",
        .means = "size of the cache"},
    Key{.name = "min_compile_time",
        .kind = Kind::kDuration,
        .project = Project::kLower,
        .standard = "0",
        .careful = "0",
        .means = "a command that takes less time is not stored"},
    Key{.name = "no_spawn",
        .kind = Kind::kBool,
        .applies = Applies::kVariable,
        .standard = "no",
        .means = "never start a daemon"},
    Key{.name = "path_remap",
        .kind = Kind::kChoice,
        .project = Project::kLower,
        .standard = "off",
        .careful = "off",
        .words = "off auto",
        .means = "auto: results do not depend on where the checkout is"},
    Key{.name = "preset",
        .kind = Kind::kChoice,
        .standard = "none",
        .careful = "none",
        .words = "none ci small worktrees all",
        .means = "several settings by one name, of what is shared and kept"},
    Key{.name = "quiet",
        .kind = Kind::kBool,
        .applies = Applies::kVariable,
        .standard = "no",
        .careful = "no",
        .means = "no warnings about the figures of a session"},
    Key{.name = "read_only",
        .kind = Kind::kBool,
        .project = Project::kLower,
        .standard = "no",
        .careful = "yes",
        .means = "use what is stored, but store nothing"},
    Key{.name = "recache",
        .kind = Kind::kBool,
        .standard = "no",
        .careful = "yes",
        .means = "run each command, and store its result anew"},
    Key{.name = "session_id",
        .kind = Kind::kText,
        .applies = Applies::kVariable,
        .standard = "none",
        .means = "the session to which commands belong (`zccache session-start`)"},
    Key{.name = "stop_timeout_secs",
        .kind = Kind::kSeconds,
        .applies = Applies::kTools,
        .standard = "10",
        .careful = "10",
        .means = "how long `zccache stop` waits"},
    Key{.name = "summary_verbose",
        .kind = Kind::kBool,
        .applies = Applies::kVariable,
        .standard = "no",
        .careful = "no",
        .means = "warn of a low hit rate of a session, too"},
    Key{.name = "terminate_on_miss",
        .kind = Kind::kBool,
        .standard = "no",
        .careful = "no",
        .means = "a miss fails the command: for builds that must come from the cache"},
    Key{.name = "verify",
        .kind = Kind::kShare,
        .project = Project::kLower,
        .standard = "0",
        .careful = "0",
        .means = "1/N: of N hits, one is compiled again and compared"},
    Key{.name = "worktree_root",
        .kind = Kind::kPath,
        .project = Project::kSets,
        .standard = "nearest directory with a .git",
        .means = "the checkout, for path_remap"},
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

std::optional<std::string> normal_bool(std::string_view text) {
  if (is_truthy(text)) {
    return "yes";
  }
  std::string lower(trim(text));
  std::ranges::transform(lower, lower.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return is_one_of(lower, {"0", "false", "no", "off"}) ? std::optional<std::string>("no")
                                                       : std::nullopt;
}

// The power of 1024 that a unit stands for; nothing for an unknown one.
std::optional<unsigned> exponent_of(std::string_view unit) {
  constexpr std::string_view kPrefixes = "KMGTP";
  if (unit.empty() || unit == "B" || unit == "b") {
    return 0;
  }
  const char upper = static_cast<char>(unit[0] >= 'a' ? unit[0] - 'a' + 'A' : unit[0]);
  const std::size_t at = kPrefixes.find(upper);
  const bool known = is_one_of(unit.substr(1), {"", "i", "iB", "B", "b", "ib"});
  if (at == std::string_view::npos || !known) {
    return std::nullopt;
  }
  return static_cast<unsigned>(at + 1);
}

std::optional<std::string> text_if(bool is_usable, std::string_view text) {
  return is_usable ? std::optional(std::string(text)) : std::nullopt;
}

}  // namespace

std::string Key::variable() const {
  return variable_of_setting(name);
}

std::span<const Key> keys() {
  return kKeys;
}

const Key* find_key(std::string_view name) {
  const auto* const found = std::ranges::lower_bound(kKeys, name, {}, &Key::name);
  return found != kKeys.end() && found->name == name ? found : nullptr;
}

const Key* find_variable(std::string_view name) {
  constexpr std::string_view kPrefix = "ZCCACHE_";
  constexpr auto kCapital = [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  };
  if (!name.starts_with(kPrefix)) {
    return nullptr;
  }
  const auto* const found = std::ranges::find_if(kKeys, [&](const Key& key) {
    return std::ranges::equal(key.name, name.substr(kPrefix.size()), {}, kCapital);
  });
  return found != kKeys.end() ? found : nullptr;
}

std::string expected(const Key& key) {
  switch (key.kind) {
    case Kind::kBool:
      return "yes or no";
    case Kind::kChoice: {
      std::string out;
      const std::vector<std::string> words = split_words(key.words, " ");
      for (std::size_t i = 0; i < words.size(); ++i) {
        str_append(out, i == 0 ? "" : (i + 1 == words.size() ? " or " : ", "), words[i]);
      }
      return out;
    }
    case Kind::kSize:
      return "a size like 500M, 5G or 1T";
    case Kind::kSeconds:
      return "a number of seconds, or 0 for never";
    case Kind::kDuration:
      return "a time like 50ms, 2s or 1m, or 0";
    case Kind::kShare:
      return "1/N, as 1/100, or 0";
    case Kind::kText:
      return "a text";
    case Kind::kPath:
      return "a path";
    case Kind::kPaths:
      return "a list of paths";
  }
  return {};
}

std::optional<std::string> normal_value(const Key& key, std::string_view text) {
  const std::string_view word = trim(text);
  switch (key.kind) {
    case Kind::kBool:
      return normal_bool(text);
    case Kind::kChoice: {
      const std::vector<std::string> words = split_words(key.words, " ");
      return text_if(std::ranges::find(words, word) != words.end(), word);
    }
    case Kind::kSize:
      return text_if(parse_size(text).has_value(), word);
    case Kind::kSeconds:
      return text_if(parse_seconds(text).has_value(), word);
    case Kind::kDuration:
      return text_if(parse_duration_ms(text).has_value(), word);
    case Kind::kShare:
      return text_if(parse_share(text).has_value(), word);
    case Kind::kText:
      return std::string(text);
    case Kind::kPath:
    case Kind::kPaths:
      return text_if(!word.empty(), text);
  }
  return std::nullopt;
}

std::string warning_about(const Key& key, std::string_view text) {
  const bool is_default = key.careful.empty() || key.careful == key.standard;
  return str_cat(key.variable(), "=", text, " is not usable; expected ", expected(key), "; using ",
                 is_default ? std::string_view("the default") : key.careful);
}

std::uint64_t boldness(const Key& key, std::string_view value) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  if (key.kind == Kind::kShare) {
    const std::uint64_t hits = parse_share(value).value_or(0);
    return hits == 0 ? kMost : hits;
  }
  if (key.kind == Kind::kDuration) {
    return kMost - parse_duration_ms(value).value_or(0);
  }
  if (key.kind == Kind::kChoice) {
    const std::vector<std::string> words = split_words(key.words, " ");
    return static_cast<std::uint64_t>(std::ranges::find(words, value) - words.begin());
  }
  return value == key.careful ? 0 : 1;
}

std::optional<std::uint64_t> parse_size(std::string_view text) {
  text = trim(text);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  TRY_ASSIGN(const std::uint64_t number, parse_u64(text.substr(0, digits)));
  TRY_ASSIGN(const unsigned exponent, exponent_of(trim(text.substr(digits))));
  const unsigned shift = 10 * exponent;
  if (number == 0 || number > (std::numeric_limits<std::uint64_t>::max() >> shift)) {
    return std::nullopt;
  }
  return number << shift;
}

std::optional<std::int64_t> parse_seconds(std::string_view text) {
  constexpr std::uint64_t kCentury = std::uint64_t{100} * 366 * 24 * 3600;
  TRY_ASSIGN(const std::uint64_t seconds, parse_u64(trim(text)));
  return seconds > kCentury ? std::nullopt : std::optional(static_cast<std::int64_t>(seconds));
}

std::optional<std::uint64_t> parse_duration_ms(std::string_view text) {
  constexpr std::uint64_t kDayMs = std::uint64_t{24} * 3600 * 1000;
  constexpr std::array<std::pair<std::string_view, std::uint64_t>, 3> kUnits = {
      {{"ms", 1}, {"s", 1000}, {"m", 60 * 1000}}};
  text = trim(text);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  TRY_ASSIGN(const std::uint64_t number, parse_u64(text.substr(0, digits)));
  if (number == 0 && digits == text.size()) {
    return 0;
  }
  for (const auto& [unit, unit_ms] : kUnits) {
    if (trim(text.substr(digits)) == unit) {
      return number > kDayMs / unit_ms ? std::nullopt : std::optional(number * unit_ms);
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_share(std::string_view text) {
  constexpr std::string_view kShare = "1/";
  text = trim(text);
  if (text.empty() || text == "0") {
    return 0;
  }
  if (!text.starts_with(kShare)) {
    return std::nullopt;
  }
  TRY_ASSIGN(const std::uint64_t hits, parse_u64(text.substr(kShare.size())));
  return hits == 0 ? std::nullopt : std::optional(hits);
}

}  // namespace zc::config
