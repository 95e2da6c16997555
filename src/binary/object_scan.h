// ObjectScan: what a program or library can do unseen by an observer that sits between it and the C
// library (docs/formats/observation.md), found in its file.
//
//   reads_environment     it refers to `environ`, so it may read all variables without naming one;
//                         not if only Rust's library does, to pass it on (environment_scan.h)
//   system_calls          its code contains the instruction itself, so it may open files unseen
//   asks_by_rust_library  it has Rust's standard library, in another object, access files for it:
//                         the calls seem to come from any other code that uses that library
//
// All are "it could", not "it does". The scan decodes code from the beginning of each section on,
// one instruction after the other, as compilers lay it out; it skips data between instructions byte
// by byte. Where it has to know the function of an instruction, the file must have a symbol table,
// and all of its code must decode.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <string_view>

namespace zc::binary {

enum class SystemCalls : std::uint8_t {
  kNone,
  kOfCargo,  // only in functions that cargo has for git, terminals and temporary files
  kAny,
};

struct ObjectTraits {
  bool reads_environment = false;
  SystemCalls system_calls = SystemCalls::kNone;
  bool asks_by_rust_library = false;
};

// `image` is a whole file. If it is damaged, or is not an ELF file for this processor, it could do
// anything: all traits are true, or kAny.
ObjectTraits scan_object(std::string_view image);

}  // namespace zc::binary
