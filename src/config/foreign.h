// What users of other caches know by another name: each option and variable of ccache, sccache and
// the Rust zccache, and what it is here. `zccache config`, files of settings and the page
// docs/coming-from.md answer from this table; a test compares the page with it.
//
// Thread: constants.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace zc::config {

enum class Cache : std::uint8_t { kCcache, kSccache, kRustZccache };

enum class Answer : std::uint8_t {
  kSame,      // under the key of ours that is named
  kNeedless,  // what it is for, happens by itself or cannot be wrong
  kNone,      // there is nothing like it
};

struct ForeignSetting {
  Cache cache = Cache::kCcache;
  std::string_view key;       // in its file; empty: it is a variable only
  std::string_view variable;  // `*` at the end stands for any letters; empty: it is a key only
  Answer answer = Answer::kNone;
  std::string_view ours;  // of kSame: the key
  std::string_view text;  // for people
};

std::span<const ForeignSetting> foreign_settings();
// What it is here, in a sentence.
std::string explanation_of(const ForeignSetting& setting);

// By the key of a file; null: no other cache has it. The key of ours comes before (config/keys.h).
const ForeignSetting* find_foreign_key(std::string_view key);
// By the whole name of a variable.
const ForeignSetting* find_foreign_variable(std::string_view name);

// A word of ccache's sloppiness, and why no hit here needs it.
struct Sloppiness {
  std::string_view word;
  std::string_view text;
};
std::span<const Sloppiness> sloppiness_words();

}  // namespace zc::config
