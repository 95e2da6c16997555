#include "engine/driver/nvcc_profile.h"

#include <map>

#include "base/str.h"

namespace zc::engine::driver {

namespace {

using Values = std::map<std::string, std::string, std::less<>>;

// Nothing: a value is not known, or not closed.
std::optional<std::string> expanded(std::string_view text, const Values& values) {
  std::string out;
  while (!text.empty()) {
    const std::size_t begin = text.find("$(");
    out += text.substr(0, begin);
    if (begin == std::string_view::npos) {
      break;
    }
    const std::size_t end = text.find(')', begin);
    const auto value = end == std::string_view::npos
                           ? values.end()
                           : values.find(text.substr(begin + 2, end - begin - 2));
    if (value == values.end()) {
      return std::nullopt;
    }
    out += value->second;
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace

std::optional<NvccProfile> read_nvcc_profile(std::string_view text, std::string_view directory) {
  Values values = {{"_HERE_", std::string(directory)}, {"_NVVM_BRANCH_", "nvvm"}};
  NvccProfile out;
  for (const std::string_view line : split(text, '\n')) {
    const std::size_t sign = line.find('=');
    if (sign == std::string_view::npos) {
      continue;
    }
    const bool is_added = sign > 0 && line[sign - 1] == '+';
    const std::string_view name = trim(line.substr(0, sign - (is_added ? 1 : 0)));
    const auto value = expanded(trim(line.substr(sign + 1)), values);
    const bool is_path = name == "PATH";
    if (is_path || name == "LD_LIBRARY_PATH") {
      if (!value || !is_added) {
        return std::nullopt;
      }
      std::string& directories = is_path ? out.program_directories : out.library_directories;
      directories.insert(0, *value);
    } else if (value && !is_added) {
      values.insert_or_assign(std::string(name), *value);
    } else {
      values.erase(std::string(name));
    }
  }
  return out;
}

}  // namespace zc::engine::driver
