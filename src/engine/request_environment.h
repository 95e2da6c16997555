// RequestEnvironment: the variables that came with a compile request, by name: all that the client
// has.
//
// Thread: value. Ownership: borrows the texts of the request's frame.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/path.h"
#include "base/str.h"
#include "wire/environment.h"

namespace zc::engine {

class RequestEnvironment {
 public:
  // Of two assignments to one name the first counts, as for getenv(3).
  explicit RequestEnvironment(std::span<const std::string_view> assignments) {
    for (const std::string_view assignment : assignments) {
      const std::size_t equals = assignment.find('=');
      if (equals != std::string_view::npos) {
        variables_.emplace(assignment.substr(0, equals), assignment.substr(equals + 1));
      }
    }
  }

  // Empty when unset.
  std::string_view get(std::string_view name) const {
    const auto it = variables_.find(name);
    return it == variables_.end() ? std::string_view{} : it->second;
  }

  bool has(std::string_view name) const { return variables_.contains(name); }

  // Where programs are looked for: the value of PATH, or what stands in for one that is unset.
  std::string_view search_path() const { return has("PATH") ? get("PATH") : kDefaultSearchPath; }

  // As an environment for a program that identifies the compiler, with plain English messages,
  // since they are parsed. With the mark, a client that the program calls fails at once, so no
  // program that calls the client is taken for a compiler (ADR 20).
  std::vector<std::string> for_probe() const {
    std::vector<std::string> out = {"LC_ALL=C",
                                    str_cat(wire::kNestedVariable, "=", wire::kNestedInProbe)};
    for (const auto& [name, value] : variables_) {
      if (name != wire::kNestedVariable && !name.starts_with("LC_") && name != "LANG" &&
          name != "LANGUAGE") {
        out.push_back(std::string(name) + "=" + std::string(value));
      }
    }
    return out;
  }

  const std::map<std::string_view, std::string_view>& all() const { return variables_; }

 private:
  std::map<std::string_view, std::string_view> variables_;  // sorted: order must not matter
};

}  // namespace zc::engine
