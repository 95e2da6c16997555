// The settings as a command of this environment and directory gets them, and where each comes from.
//
// Thread: main.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/keys.h"
#include "lifecycle/caller.h"

namespace zc::cli {

enum class Source : std::uint8_t { kDefault, kVariable, kPreset, kFile };

struct EffectiveSetting {
  const config::Key* key = nullptr;
  std::string value;
  Source source = Source::kDefault;
  std::string path;  // of the file
  std::uint64_t line = 0;

  std::string origin() const;  // for people
};

struct SettingsView {
  std::vector<EffectiveSetting> settings;  // all, sorted by their keys
  std::vector<std::string> files;          // those that were read
  std::vector<std::string> problems;       // for people
  std::vector<std::string> notes;          // on what other caches know by another name

  const EffectiveSetting& at(std::string_view key) const;
};

SettingsView view_settings(const lifecycle::Caller& caller);

// Where `config set` writes. Empty: the environment names no such place.
std::string users_config_file(const lifecycle::Caller& caller);

}  // namespace zc::cli
