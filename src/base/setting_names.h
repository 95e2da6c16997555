// The names of all settings, as files and `zccache config` know them. The variable of a setting is
// its name in capitals behind ZCCACHE_. config/keys.h says what each means; a test compares both.
//
// Thread: constants.
#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace zc {

inline constexpr std::array<std::string_view, 29> kSettingNames = {
    "cache_buster",
    "cache_dir",
    "cache_failures",
    "colocate",
    "config",
    "daemon_namespace",
    "daemon_state_dir",
    "disable",
    "endpoint",
    "ephemeral_log",
    "extra_files",
    "idle_timeout_secs",
    "link_deploy_cmd",
    "links",
    "log",
    "max_size",
    "min_compile_time",
    "no_spawn",
    "path_remap",
    "preset",
    "quiet",
    "read_only",
    "recache",
    "session_id",
    "stop_timeout_secs",
    "summary_verbose",
    "terminate_on_miss",
    "verify",
    "worktree_root",
};
static_assert(std::ranges::is_sorted(kSettingNames));

constexpr bool is_setting_name(std::string_view name) {
  return std::ranges::binary_search(kSettingNames, name);
}

// "max_size" -> "ZCCACHE_MAX_SIZE"
inline std::string variable_of_setting(std::string_view name) {
  std::string out = "ZCCACHE_";
  for (const char c : name) {
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return out;
}

}  // namespace zc
