// MadeUpObject: the smallest ELF file for x86-64 that has code and imports symbols, for tests of
// what looks into programs and libraries without running them.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace zc::test {

// `code` are the instructions of one function, `imports` the names that it takes from other
// objects.
std::string made_up_object(std::string_view code, const std::vector<std::string>& imports,
                           const std::string& function = "made_up");

// It returns, and that is all.
inline std::string harmless_object() {
  return made_up_object("\xc3", {"getenv"});
}
// It asks the kernel without asking the C library.
inline std::string object_with_system_call() {
  return made_up_object("\x0f\x05\xc3", {});
}
// It can read all variables at once.
inline std::string object_with_environment() {
  return made_up_object("\xc3", {"environ"});
}

}  // namespace zc::test
