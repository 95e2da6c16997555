#include "daemon/settings.h"

#include <algorithm>
#include <utility>

#include "base/str.h"
#include "config/presets.h"

namespace zc::daemon {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;
using config::Applies;
using config::Key;

// A variable of a request that is one of our settings.
struct OwnVariable {
  const Key* key = nullptr;
  std::size_t index = 0;  // in the environment
  std::string_view value;
};

// What of the environment concerns settings, found in one pass.
struct OwnVariables {
  config::Whose whose;
  std::vector<OwnVariable> set;

  const OwnVariable* find(const Key* key) const {
    const auto found = std::ranges::find(set, key, &OwnVariable::key);
    return found == set.end() ? nullptr : &*found;
  }
  // Empty if it is not set.
  std::string_view value_of(std::string_view key) const {
    const OwnVariable* const variable = find(config::find_key(key));
    return variable == nullptr ? std::string_view() : trim(variable->value);
  }
};

// Of two assignments to one name the first counts.
OwnVariables own_variables(const wire::CompileRequest& request) {
  constexpr std::string_view kPrefix = "ZCCACHE_";
  OwnVariables out;
  out.whose.cwd = request.cwd;
  const auto take = [](std::string_view assignment, std::string_view name, std::string_view& to) {
    if (to.empty() && assignment.starts_with(name)) {
      to = assignment.substr(name.size());
    }
  };
  for (std::size_t i = 0; i < request.env.size(); ++i) {
    const std::string_view assignment = request.env[i];
    take(assignment, "HOME=", out.whose.home);
    take(assignment, "XDG_CONFIG_HOME=", out.whose.xdg_config_home);
    const std::size_t equals = assignment.find('=');
    if (!assignment.starts_with(kPrefix) || equals == std::string_view::npos) {
      continue;
    }
    const Key* const key = config::find_variable(assignment.substr(0, equals));
    if (key != nullptr && out.find(key) == nullptr) {
      take(assignment, "ZCCACHE_CONFIG=", out.whose.config);
      out.set.push_back({.key = key, .index = i, .value = assignment.substr(equals + 1)});
    }
  }
  return out;
}

void assign(wire::CompileRequest& request, std::deque<std::string>& texts, const Key& key,
            std::string_view value, const OwnVariable* before) {
  const std::string& text = texts.emplace_back(str_cat(key.variable(), '=', value));
  if (before != nullptr) {
    request.env[before->index] = text;
  } else {
    request.env.emplace_back(text);
  }
  if (key.name == "cache_failures") {
    request.takes_failures = is_truthy(value);
  }
}

bool is_switch_off(const Key& key, std::string_view value) {
  return key.name == "disable" && is_truthy(value);
}

}  // namespace

Settings::Settings(config::Files& files, SettingSources sources, const log::Log& log)
    : files_(files), sources_(std::move(sources)), log_(log), config_(read()) {}

Config Settings::read() {
  const auto variable = [&](const char* name) { return view_or_empty(sources_.env(name)); };
  const std::string_view home = variable("HOME");
  const std::vector<config::Layer> layers =
      files_.layers({.config = variable("ZCCACHE_CONFIG"),
                     .xdg_config_home = variable("XDG_CONFIG_HOME"),
                     .home = home,
                     .cwd = sources_.cwd});
  Config out = read_config(sources_.env, config::settings_of(layers, home), sources_.disk);
  out.idle_timeout_secs = sources_.idle_timeout_secs.value_or(out.idle_timeout_secs);
  out.log_level = sources_.log_level.value_or(out.log_level);
  return out;
}

Config Settings::current() const {
  const MutexLock lock(mutex_);
  return config_;
}

bool Settings::refresh() {
  Config now = read();
  const MutexLock lock(mutex_);
  const bool is_other = now.idle_timeout_secs != config_.idle_timeout_secs ||
                        now.size_bytes_max != config_.size_bytes_max ||
                        now.log_level != config_.log_level;
  config_ = std::move(now);
  return is_other;
}

OrBypass<> Settings::apply(wire::CompileRequest& request, std::deque<std::string>& texts) {
  const OwnVariables own = own_variables(request);
  bool is_off = false;
  for (const OwnVariable& variable : own.set) {
    const Key& key = *variable.key;
    if (variable.value.empty() || key.applies != Applies::kCommand ||
        config::normal_value(key, variable.value)) {
      continue;
    }
    warn(config::warning_about(key, variable.value));
    assign(request, texts, key, key.careful, &variable);
    is_off = is_off || is_switch_off(key, key.careful);
  }
  const std::string_view preset = own.value_of(config::kPresetKey);
  for (const config::PresetValue& row : config::preset_values()) {
    if (row.preset == preset && own.value_of(row.key).empty()) {
      const Key* const key = config::find_key(row.key);
      assign(request, texts, *key, row.value, own.find(key));
    }
  }
  const std::vector<config::Layer> layers = files_.layers(own.whose);
  if (const std::string refusal = config::refusal_of(layers); !refusal.empty()) {
    return bypass(Reason::kBadConfiguration, refusal);
  }
  for (const config::Setting& setting : config::settings_of(layers, own.whose.home)) {
    const OwnVariable* const variable = own.find(setting.key);
    const bool is_overridden = (variable != nullptr && !variable->value.empty()) ||
                               config::preset_value(preset, *setting.key).has_value();
    if (setting.key->applies == Applies::kCommand && !is_overridden) {
      assign(request, texts, *setting.key, setting.value, variable);
      is_off = is_off || is_switch_off(*setting.key, setting.value);
    }
  }
  return is_off ? bypass(Reason::kDisabled) : OrBypass<>();
}

void Settings::warn(const std::string& text) {
  bool is_new = false;
  {
    const MutexLock lock(mutex_);
    is_new = of_requests_.size() < kWarningsMax && of_requests_.insert(text).second;
  }
  if (is_new) {
    log_.warn(text);
  }
}

std::vector<std::string> Settings::own_warnings() const {
  return current().warnings;
}

std::vector<std::string> Settings::warnings() {
  std::vector<std::string> out = own_warnings();
  const std::vector<std::string> problems = files_.problems();
  out.insert(out.end(), problems.begin(), problems.end());
  const MutexLock lock(mutex_);
  out.insert(out.end(), of_requests_.begin(), of_requests_.end());
  return out;
}

codec::Json Settings::variables() const {
  codec::Json out = codec::Json::object();
  const std::string_view preset = view_or_empty(sources_.env("ZCCACHE_PRESET"));
  for (const Key& key : config::keys()) {
    std::string_view text = view_or_empty(sources_.env(key.variable().c_str()));
    if (text.empty()) {
      text = config::preset_value(preset, key).value_or(std::string_view());
    }
    if (key.applies == Applies::kDaemon && !text.empty()) {
      out.set(key.name, codec::Json::text(text));
    }
  }
  return out;
}

}  // namespace zc::daemon
