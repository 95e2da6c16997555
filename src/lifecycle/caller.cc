#include "lifecycle/caller.h"

namespace zc::lifecycle {

const char* variable(const char* const* environment, std::string_view name) {
  for (; *environment != nullptr; ++environment) {
    const std::string_view assignment = *environment;
    if (assignment.size() > name.size() && assignment[name.size()] == '=' &&
        assignment.starts_with(name)) {
      return *environment + name.size() + 1;
    }
  }
  return nullptr;
}

}  // namespace zc::lifecycle
