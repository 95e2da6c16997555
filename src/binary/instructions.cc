#include "binary/instructions.h"

#include <array>
#include <bitset>
#include <cstddef>

#include <Zydis/Zydis.h>

namespace zc::binary {

namespace {

// The bytes of `syscall`, `sysenter` and `int 0x80`, the ways into the kernel on x86-64 (Intel's
// manual, volume 2). A find proves nothing: the bytes may be part of a constant or an address.
constexpr std::array<std::string_view, 3> kSystemCalls = {"\x0f\x05", "\x0f\x34", "\xcd\x80"};

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

// Whether the bytes at `at` are an instruction, and no part of another one. Whoever decodes all the
// code comes to the beginning of an instruction in any fifteen bytes, since none is longer; so the
// code is decoded from each of some fifteen bytes before the find. These ways soon are one.
bool is_executed_as_one(const ZydisDecoder& decoder, std::string_view code, std::size_t at) {
  constexpr std::size_t kWindowBytes = 1024;
  const std::size_t begin = at > kWindowBytes ? at - kWindowBytes : 0;
  const std::size_t starts = begin == 0 ? 1 : std::size_t{ZYDIS_MAX_INSTRUCTION_LENGTH};
  std::bitset<kWindowBytes + 1> was_there;
  for (std::size_t start = begin; start < begin + starts; ++start) {
    for (std::size_t i = start; i <= at && !was_there.test(i - begin);) {
      was_there.set(i - begin);
      ZydisDecodedInstruction instruction;
      if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, code.data() + i,
                                                      code.size() - i, &instruction))) {
        // Data between functions, such as a jump table: the next byte may begin an instruction.
        ++i;
        continue;
      }
      i += instruction.length;
      if (i > at && is_system_call(instruction)) {
        return true;
      }
    }
  }
  return false;
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
  ZydisDecoder decoder;
  // Without a decoder each find has to count.
  const bool can_decode = make_decoder(decoder);
  for (const std::string_view bytes : kSystemCalls) {
    for (std::size_t at = code.find(bytes); at != std::string_view::npos;
         at = code.find(bytes, at + 1)) {
      if (!can_decode || is_executed_as_one(decoder, code, at)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace zc::binary
