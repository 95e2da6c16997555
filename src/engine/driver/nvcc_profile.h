// nvcc.profile: lines that set variables of nvcc, as `NAME = value`, `NAME += value` or
// `NAME =+ value`, where $(NAME) is the value of another one. Which directories nvcc puts before
// those of PATH and LD_LIBRARY_PATH follows from it.
//
// Thread: any; no state.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace zc::engine::driver {

struct NvccProfile {
  // As PATH and LD_LIBRARY_PATH have them.
  std::string program_directories;
  std::string library_directories;
};

// `directory` is that of nvcc. Nothing: the text has something in one of the two that is not known.
std::optional<NvccProfile> read_nvcc_profile(std::string_view text, std::string_view directory);

}  // namespace zc::engine::driver
