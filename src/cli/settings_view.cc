#include "cli/settings_view.h"

#include <algorithm>
#include <utility>

#include "base/config_places.h"
#include "base/str.h"
#include "config/files.h"
#include "config/foreign.h"
#include "config/presets.h"
#include "config/settings.h"
#include "os/file_system.h"
#include "os/self.h"

namespace zc::cli {

namespace {

// What the client has found counts, whatever the table says in general.
std::string standard_of(const lifecycle::Caller& caller, const config::Key& key) {
  if (key.name == "cache_dir") {
    return caller.locations.top_root;
  }
  if (key.name == "config") {
    return users_config_file(caller);
  }
  return key.name == "endpoint" ? caller.locations.endpoint : std::string(key.standard);
}

EffectiveSetting effective(const lifecycle::Caller& caller, const config::Key& key,
                           const std::vector<config::Setting>& from_files,
                           std::vector<std::string>& problems) {
  if (const std::string_view text = lifecycle::value_of(caller, key.variable()); !text.empty()) {
    std::optional<std::string> value = config::normal_value(key, text);
    if (!value) {
      problems.push_back(config::warning_about(key, text));
      value = std::string(key.careful.empty() ? key.standard : key.careful);
    }
    return {.key = &key, .value = *std::move(value), .source = Source::kVariable};
  }
  if (const auto value =
          config::preset_value(trim(lifecycle::value_of(caller, "ZCCACHE_PRESET")), key)) {
    return {.key = &key, .value = std::string(*value), .source = Source::kPreset};
  }
  const auto found = std::ranges::find(from_files, &key, &config::Setting::key);
  if (found == from_files.end()) {
    return {.key = &key, .value = standard_of(caller, key)};
  }
  return {.key = &key,
          .value = found->value,
          .source = Source::kFile,
          .path = found->path,
          .line = found->line};
}

// Variables of other caches, which do nothing here.
std::vector<std::string> notes_on_variables(const lifecycle::Caller& caller) {
  std::vector<std::string> out;
  for (const char* const* at = caller.environment; *at != nullptr; ++at) {
    const std::string_view assignment = *at;
    const std::string_view name = assignment.substr(0, assignment.find('='));
    if (config::find_variable(name) != nullptr) {
      continue;
    }
    if (const config::ForeignSetting* const foreign = config::find_foreign_variable(name)) {
      out.push_back(str_cat("variable ", name, ": ", config::explanation_of(*foreign)));
    }
  }
  return out;
}

}  // namespace

std::string EffectiveSetting::origin() const {
  switch (source) {
    case Source::kDefault:
      return "default";
    case Source::kVariable:
      return key->variable();
    case Source::kPreset:
      return config::find_key(config::kPresetKey)->variable();
    case Source::kFile:
      return str_cat(path, ':', line);
  }
  return {};
}

const EffectiveSetting& SettingsView::at(std::string_view key) const {
  return *std::ranges::find(settings, config::find_key(key), &EffectiveSetting::key);
}

SettingsView view_settings(const lifecycle::Caller& caller) {
  const os::PosixFileSystem fs;
  config::Files files(fs);
  const std::string cwd = os::working_directory().value_or("/");
  const std::string_view home = lifecycle::value_of(caller, "HOME");
  const std::vector<config::Layer> layers =
      files.layers({.config = lifecycle::value_of(caller, "ZCCACHE_CONFIG"),
                    .xdg_config_home = lifecycle::value_of(caller, "XDG_CONFIG_HOME"),
                    .home = home,
                    .cwd = cwd});
  SettingsView out;
  for (const config::Layer& layer : layers) {
    out.files.push_back(layer.file->path);
    out.problems.insert(out.problems.end(), layer.file->problems.begin(),
                        layer.file->problems.end());
    out.notes.insert(out.notes.end(), layer.file->notes.begin(), layer.file->notes.end());
  }
  const std::vector<std::string> on_variables = notes_on_variables(caller);
  out.notes.insert(out.notes.end(), on_variables.begin(), on_variables.end());
  const std::vector<config::Setting> from_files = config::settings_of(layers, home);
  for (const config::Key& key : config::keys()) {
    out.settings.push_back(effective(caller, key, from_files, out.problems));
  }
  return out;
}

std::string users_config_file(const lifecycle::Caller& caller) {
  return user_config_file(
      lifecycle::value_of(caller, "ZCCACHE_CONFIG"), lifecycle::value_of(caller, "XDG_CONFIG_HOME"),
      lifecycle::value_of(caller, "HOME"), os::working_directory().value_or("/"));
}

}  // namespace zc::cli
