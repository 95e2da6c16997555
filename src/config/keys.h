// The table of settings: what each means, which values it takes, and who may set it where. Files
// (config/file.h), `zccache config`, `zccache help` and the manual go by it.
//
// Thread: constants.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace zc::config {

enum class Kind : std::uint8_t {
  kBool,
  kChoice,  // one of Key::words
  kSize,    // as parse_size
  kSeconds,
  kDuration,  // as parse_duration_ms
  kShare,     // 1/N, or 0
  kText,
  kPath,
  kPaths,  // in a variable with colons between them, in a file a list
};

// When a value that is set or changed counts.
enum class Applies : std::uint8_t {
  kCommand,   // from the next command on
  kDaemon,    // a variable: when a daemon starts; a file: within seconds
  kTools,     // for commands of zccache-cli
  kVariable,  // the client needs it, which reads no file
};

// What the file of a project may do, below what the user's files say.
enum class Project : std::uint8_t {
  kNothing,
  kLower,  // a value that is as careful as the user's or more so; any, where the user has none
  kAdds,   // its value counts beside the user's
  kSets,
};

struct Key {
  std::string_view name;
  Kind kind = Kind::kText;
  Applies applies = Applies::kCommand;
  Project project = Project::kNothing;
  std::string_view standard;  // if nothing sets it, for people
  // Stands in for a value that is not usable. Empty: where a file says it, no command is cached.
  std::string_view careful;
  std::string_view words;  // of a choice, with the most careful one first
  std::string_view means;  // for people, on a line

  std::string variable() const;
};

// Sorted by their names.
std::span<const Key> keys();
const Key* find_key(std::string_view name);       // null: there is none
const Key* find_variable(std::string_view name);  // of ZCCACHE_MAX_SIZE
std::string expected(const Key& key);             // what a value must be, for people
// The value as the variable holds it. Nothing: not usable.
std::optional<std::string> normal_value(const Key& key, std::string_view text);
// How far from careful a usable value is; 0: no other is more so.
std::uint64_t boldness(const Key& key, std::string_view value);

// That `text` is not usable as the value of the key's variable, and what counts instead.
std::string warning_about(const Key& key, std::string_view text);

// "500M", "5G", "1T", "5GiB", "5 GB" or plain bytes; units are powers of 1024. Nothing for any
// other text, for 0, and for a number that does not fit.
std::optional<std::uint64_t> parse_size(std::string_view text);

// Seconds, 0 or more, at most a century. Nothing for any other text.
std::optional<std::int64_t> parse_seconds(std::string_view text);

// "50ms", "2s", "1m" or "0"; at most a day. Nothing for any other text.
std::optional<std::uint64_t> parse_duration_ms(std::string_view text);

// The N of "1/N"; 0 for "0" and for no text, which mean none; nothing for any other text.
std::optional<std::uint64_t> parse_share(std::string_view text);

}  // namespace zc::config
