#include "binary/system_call_scan.h"

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

}  // namespace

bool has_system_call(std::string_view code) {
  if (!may_hold_one(code)) {
    return false;
  }
  ZydisDecoder decoder;
  // Without a decoder the find above has to count.
  if (!ZYAN_SUCCESS(ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64))) {
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
