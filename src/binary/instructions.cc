#include "binary/instructions.h"

#include <Zydis/Zydis.h>

namespace zc::binary {

namespace {

// A search for the bytes of `syscall`, `sysenter` and `int 0x80`, the ways into the kernel on
// x86-64 (Intel's manual, volume 2). Most sections have none of them and need not be decoded. A
// find proves nothing: the bytes may be part of a constant or an address.
bool may_hold_one(std::string_view code) {
  return code.contains("\x0f\x05") || code.contains("\x0f\x34") || code.contains("\xcd\x80");
}

bool is_system_call(const ZydisDecodedInstruction& instruction) {
  switch (instruction.mnemonic) {
    case ZYDIS_MNEMONIC_SYSCALL:
    case ZYDIS_MNEMONIC_SYSENTER:
    case ZYDIS_MNEMONIC_INT:
      return true;
    default:
      return false;
  }
}

// What is named relative to the next instruction: by a call or jump, or as an operand in memory.
std::optional<std::uint64_t> target_of(const ZydisDecodedInstruction& instruction,
                                       std::uint64_t next) {
  if ((instruction.attributes & ZYDIS_ATTRIB_IS_RELATIVE) == 0) {
    return std::nullopt;
  }
  for (const auto& immediate : instruction.raw.imm) {
    if (immediate.is_relative != 0) {
      return next + static_cast<std::uint64_t>(immediate.value.s);
    }
  }
  return next + static_cast<std::uint64_t>(instruction.raw.disp.value);
}

bool make_decoder(ZydisDecoder& out) {
  return ZYAN_SUCCESS(ZydisDecoderInit(&out, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64));
}

}  // namespace

bool visit_instructions(const CodeSection& code,
                        const std::function<bool(const Instruction&)>& visit) {
  ZydisDecoder decoder;
  if (!make_decoder(decoder)) {
    return false;
  }
  for (CodeSection rest = code; !rest.bytes.empty();) {
    ZydisDecodedInstruction instruction;
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, rest.bytes.data(),
                                                    rest.bytes.size(), &instruction))) {
      return false;
    }
    const std::uint64_t next = rest.address + instruction.length;
    if (!visit({.address = rest.address,
                .target = target_of(instruction, next),
                .makes_system_call = is_system_call(instruction)})) {
      return false;
    }
    rest.bytes.remove_prefix(instruction.length);
    rest.address = next;
  }
  return true;
}

bool has_system_call(std::string_view code) {
  if (!may_hold_one(code)) {
    return false;
  }
  ZydisDecoder decoder;
  // Without a decoder the find above has to count.
  if (!make_decoder(decoder)) {
    return true;
  }
  while (!code.empty()) {
    ZydisDecodedInstruction instruction;
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, code.data(), code.size(),
                                                    &instruction))) {
      // Data between functions, such as a jump table: the next byte may begin an instruction.
      code.remove_prefix(1);
      continue;
    }
    if (is_system_call(instruction)) {
      return true;
    }
    code.remove_prefix(instruction.length);
  }
  return false;
}

}  // namespace zc::binary
