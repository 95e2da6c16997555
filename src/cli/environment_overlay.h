// EnvironmentOverlay: an environment with some of its variables changed, for a daemon that is not
// that of the caller's own environment.
//
// Thread: values. Owns copies of all variables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zc::cli {

class EnvironmentOverlay {
 public:
  // NAME=VALUE, ended by a null pointer.
  explicit EnvironmentOverlay(const char* const* environment);

  void set(std::string_view name, std::string_view value);
  void unset(std::string_view name);

  // The value; nullptr when it is unset.
  const char* find(std::string_view name) const;
  // Ended by a null pointer; borrowed until the next change.
  std::vector<const char*> variables() const;

 private:
  std::vector<std::string> variables_;
};

}  // namespace zc::cli
