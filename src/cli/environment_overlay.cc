#include "cli/environment_overlay.h"

#include "base/str.h"

namespace zc::cli {

namespace {

bool is_named(std::string_view variable, std::string_view name) {
  return variable.starts_with(name) && variable.substr(name.size()).starts_with('=');
}

}  // namespace

EnvironmentOverlay::EnvironmentOverlay(const char* const* environment) {
  for (; *environment != nullptr; ++environment) {
    variables_.emplace_back(*environment);
  }
}

void EnvironmentOverlay::set(std::string_view name, std::string_view value) {
  unset(name);
  variables_.push_back(str_cat(name, '=', value));
}

void EnvironmentOverlay::unset(std::string_view name) {
  std::erase_if(variables_, [&](const std::string& variable) { return is_named(variable, name); });
}

const char* EnvironmentOverlay::find(std::string_view name) const {
  for (const std::string& variable : variables_) {
    if (is_named(variable, name)) {
      return variable.c_str() + name.size() + 1;
    }
  }
  return nullptr;
}

std::vector<const char*> EnvironmentOverlay::variables() const {
  std::vector<const char*> out;
  for (const std::string& variable : variables_) {
    out.push_back(variable.c_str());
  }
  out.push_back(nullptr);
  return out;
}

}  // namespace zc::cli
