#include "binary/environment_scan.h"

#include <algorithm>
#include <array>
#include <set>

#include "binary/instructions.h"
#include "binary/rust_symbols.h"

namespace zc::binary {

namespace {

// Modules of Rust's library that give the environment to a program, and to nobody else, by the
// names that they had in the course of time (1.63 to 1.95).
constexpr std::array<std::string_view, 4> kStarters = {
    "3std10sys_common7process",
    "3std3sys3pal4unix7process",
    "3std3sys4unix7process",
    "3std3sys7process",
};

// Functions that return it, to the starters too. Who calls them decides.
constexpr std::array<std::string_view, 4> kReaders = {
    "3std3env7vars_os",
    "3std3sys3env4unix3env",
    "3std3sys3pal4unix2os3env",
    "3std3sys4unix2os3env",
};

bool are_all_at(const std::vector<Function>& functions, const auto& paths) {
  return !functions.empty() && std::ranges::all_of(functions, [&](const Function& function) {
    return std::ranges::any_of(
        paths, [&](std::string_view path) { return is_at_rust_path(function.name, path); });
  });
}

class EnvironmentUse {
 public:
  explicit EnvironmentUse(const ObjectCode& code) : code_(code) {}

  // Follows the readers to their callers, until no further one is found.
  bool is_only_passed_on(std::set<std::uint64_t> addresses) {
    while (!addresses.empty()) {
      std::set<std::uint64_t> readers;
      const auto is_known = [&](const Instruction& instruction) {
        return !instruction.target || !addresses.contains(*instruction.target) ||
               is_harmless(instruction, readers);
      };
      const bool are_known = code_.visit_parts(
          [&](const CodeSection& part) { return visit_instructions(part, is_known); });
      if (!are_known || !find_places(readers)) {
        return false;
      }
      addresses = std::move(readers);
    }
    return true;
  }

 private:
  bool is_harmless(const Instruction& instruction, std::set<std::uint64_t>& readers) {
    const std::vector<Function> functions = code_.functions_at(instruction.address);
    if (are_all_at(functions, kStarters)) {
      return true;
    }
    if (!are_all_at(functions, kReaders)) {
      return false;
    }
    if (known_.insert(functions.front().begin).second) {
      readers.insert(functions.front().begin);
    }
    return true;
  }

  // Adds the places that hold the address of a reader. Outside of the table, anybody may call it.
  bool find_places(std::set<std::uint64_t>& readers) const {
    std::set<std::uint64_t> places;
    for (const Pointer& pointer : code_.pointers) {
      if (!readers.contains(pointer.target)) {
        continue;
      }
      if (!code_.is_in_table(pointer.place)) {
        return false;
      }
      places.insert(pointer.place);
    }
    readers.merge(places);
    return true;
  }

  const ObjectCode& code_;
  std::set<std::uint64_t> known_;  // readers
};

}  // namespace

bool may_read_environment(const ObjectCode& code) {
  return code.names_environment_otherwise || code.environment_places.empty() ||
         !EnvironmentUse(code).is_only_passed_on(
             {code.environment_places.begin(), code.environment_places.end()});
}

}  // namespace zc::binary
