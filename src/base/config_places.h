// Where files of settings are, by the variables of a command. Client, daemon and tools must find
// the same ones.
//
// Thread: any; no state.
#pragma once

#include <string>
#include <string_view>

#include "base/path.h"
#include "base/str.h"

namespace zc {

inline constexpr std::string_view kSystemConfigFile = "/etc/zccache/config.toml";

// Below a directory that the user trusts.
inline constexpr std::string_view kProjectConfigFile = ".zccache/config.toml";

// "zccache" below XDG_CONFIG_HOME, or below ~/.config. Empty: neither leads anywhere.
inline std::string user_config_directory(std::string_view xdg_config_home, std::string_view home) {
  if (is_absolute(xdg_config_home)) {
    return join_path(xdg_config_home, "zccache");
  }
  return is_absolute(home) ? join_path(home, ".config/zccache") : std::string();
}

// `given` is ZCCACHE_CONFIG, relative to `cwd`. Empty: there is none.
inline std::string user_config_file(std::string_view given, std::string_view xdg_config_home,
                                    std::string_view home, std::string_view cwd) {
  if (!given.empty()) {
    return join_path(cwd, given);
  }
  const std::string directory = user_config_directory(xdg_config_home, home);
  return directory.empty() ? std::string() : str_cat(directory, "/config.toml");
}

}  // namespace zc
