// Instructions: decodes code for x86-64.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "binary/object_code.h"

namespace zc::binary {

struct Instruction {
  std::uint64_t address = 0;
  std::optional<std::uint64_t> target;  // that it calls, or whose content or address it takes
  bool makes_system_call = false;
};

// False if `visit` has returned it, which ends the visit, or if some bytes are no instruction.
bool visit_instructions(const CodeSection& code,
                        const std::function<bool(const Instruction&)>& visit);

// Whether there is an instruction that makes a system call. Bytes that do not decode are skipped.
bool has_system_call(std::string_view code);

}  // namespace zc::binary
