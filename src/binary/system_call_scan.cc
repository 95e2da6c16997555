#include "binary/system_call_scan.h"

#include <algorithm>
#include <array>

#include "binary/instructions.h"
#include "binary/rust_symbols.h"

namespace zc::binary {

namespace {

struct KnownFunction {
  std::string_view path;
  std::string_view part;  // further down in its symbol; empty: any
};

// Functions in cargo that make system calls by themselves (1.95 and 1.97): for the state and size
// of the terminal; to rename or remove a file that was made through the C library; to look at the
// files of a git repository.
constexpr std::array kOfCargo = {
    KnownFunction{"10gix_prompt4unix", ""},
    KnownFunction{"10gix_status", ""},
    KnownFunction{"13terminal_size4unix", ""},
    KnownFunction{"4core3ptr13drop_in_place", "10gix_prompt4unix3imp26RestoreTerminalStateOnDrop"},
    KnownFunction{"4core3ptr9drop_glue", "10gix_prompt4unix3imp26RestoreTerminalStateOnDrop"},
    KnownFunction{"6rustix4path3arg20with_c_str_slow_path", "8syscalls5lstat"},
    KnownFunction{"6rustix4path3arg20with_c_str_slow_path", "8syscalls6unlink"},
    KnownFunction{"6rustix4path3arg20with_c_str_slow_path", "2fs3abs6rename"},
    KnownFunction{"6rustix4path3arg20with_c_str_slow_path", "2fs2at13renameat_with"},
    KnownFunction{"6rustix7backend7termios8syscalls", ""},
    KnownFunction{"8tempfile4file3imp8platform7persist", ""},
};

bool is_of_cargo(const std::vector<Function>& functions) {
  return !functions.empty() && std::ranges::all_of(functions, [](const Function& function) {
    return std::ranges::any_of(kOfCargo, [&](const KnownFunction& known) {
      return is_at_rust_path(function.name, known.path) && function.name.contains(known.part);
    });
  });
}

// The part of an object from the beginning of a function to that of the next one. What is no
// instruction may be behind that function alone: the tables of cryptography.
bool are_of_cargo(const ObjectCode& object, const CodeSection& part) {
  const std::vector<Function> functions = object.functions_at(part.address);
  const std::uint64_t size = functions.empty() ? 0 : functions.front().end - part.address;
  return (is_of_cargo(functions) || !has_system_call(part.bytes.substr(0, size))) &&
         (part.bytes.size() <= size || !has_system_call(part.bytes.substr(size)));
}

}  // namespace

SystemCalls system_calls_of(const ObjectCode& object) {
  // Whatever the symbol table says.
  const bool has_one = std::ranges::any_of(
      object.sections, [](const CodeSection& section) { return has_system_call(section.bytes); });
  const auto are_known = [&](const CodeSection& part) { return are_of_cargo(object, part); };
  return !has_one                        ? SystemCalls::kNone
         : object.visit_parts(are_known) ? SystemCalls::kOfCargo
                                         : SystemCalls::kAny;
}

}  // namespace zc::binary
