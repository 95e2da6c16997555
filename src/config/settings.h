// What the files of a command say, put together: the system's below the user's, below those of
// projects, which may do what their keys allow (Key::project).
//
// Thread: values; no state.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/files.h"

namespace zc::config {

struct Setting {
  const Key* key = nullptr;
  std::string value;  // as the variable would hold it
  std::string path;   // of the file that says so; of values that are added up, of the last one
  std::uint64_t line = 0;
};

// Only what is set. `home` stands for the `~` of paths.
std::vector<Setting> settings_of(const std::vector<Layer>& layers, std::string_view home);

// Why no command of these layers may be cached. Empty: none says so.
std::string refusal_of(const std::vector<Layer>& layers);

}  // namespace zc::config
