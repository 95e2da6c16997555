// ObjectScan: what a program or library can do behind the back of an observer that sits between it
// and the C library (docs/formats/observation.md), told from its file.
//
//   reads_environment     it refers to `environ`, so it may look at all variables without asking
//                         for one by name
//   makes_system_calls    its code holds the instruction itself, so it may open files unseen
//   asks_by_rust_library  it has Rust's standard library look at files for it, from another object:
//                         the calls seem to be those of another user of that library
//
// All are "it could", not "it does". Code is decoded from the beginning of each section on, one
// instruction after the other, as compilers lay it out; data between instructions is skipped byte
// by byte.
//
// Thread: any; no state.
#pragma once

#include <string_view>

namespace zc::binary {

struct ObjectTraits {
  bool reads_environment = false;
  bool makes_system_calls = false;
  bool asks_by_rust_library = false;
};

// `image` is a whole file. One that is no ELF file for this processor, or is damaged, could do
// anything: all are true.
ObjectTraits scan_object(std::string_view image);

}  // namespace zc::binary
