#include "binary/system_call_scan.h"

#include <Zydis/Zydis.h>

namespace zc::binary {

namespace {

// syscall and sysenter; `int` with any number.
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

}  // namespace

bool has_system_call(std::string_view code) {
  if (!may_hold_one(code)) {
    return false;
  }
  ZydisDecoder decoder;
  if (!ZYAN_SUCCESS(ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64))) {
    return true;
  }
  while (!code.empty()) {
    ZydisDecodedInstruction instruction;
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, code.data(), code.size(),
                                                    &instruction))) {
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
