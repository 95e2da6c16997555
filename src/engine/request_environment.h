// RequestEnvironment: the variables that came with a compile request, by name: all that the client
// has.
//
// Thread: value. Ownership: borrows the texts of the request's frame.
#pragma once

#include <algorithm>
#include <optional>
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
  struct Variable {
    std::string_view name;
    std::string_view value;
  };

  // Of two assignments to one name the first counts, as for getenv(3).
  explicit RequestEnvironment(std::span<const std::string_view> assignments) {
    variables_.reserve(assignments.size());
    for (const std::string_view assignment : assignments) {
      const std::size_t equals = assignment.find('=');
      if (equals != std::string_view::npos) {
        variables_.push_back({assignment.substr(0, equals), assignment.substr(equals + 1)});
      }
    }
    std::ranges::stable_sort(variables_, {}, &Variable::name);
    const auto repeats = std::ranges::unique(variables_, {}, &Variable::name);
    variables_.erase(repeats.begin(), repeats.end());
  }

  // Nothing when unset.
  std::optional<std::string_view> find(std::string_view name) const {
    const auto it = std::ranges::lower_bound(variables_, name, {}, &Variable::name);
    return it != variables_.end() && it->name == name ? std::optional(it->value) : std::nullopt;
  }

  // Empty when unset.
  std::string_view get(std::string_view name) const {
    return find(name).value_or(std::string_view());
  }

  bool has(std::string_view name) const { return find(name).has_value(); }

  // Those that are set of `names`, which are sorted.
  std::vector<Variable> those_of(std::span<const std::string_view> names) const {
    std::vector<Variable> out;
    auto name = names.begin();
    for (const Variable& variable : variables_) {
      name = std::find_if_not(name, names.end(),
                              [&](std::string_view other) { return other < variable.name; });
      if (name != names.end() && *name == variable.name) {
        out.push_back(variable);
      }
    }
    return out;
  }

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

  // Sorted by name: their order must not matter.
  const std::vector<Variable>& all() const { return variables_; }

 private:
  std::vector<Variable> variables_;
};

}  // namespace zc::engine
