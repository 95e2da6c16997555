// What a command of Rust makes, by its words and the names of its outputs.
//
// Thread: any; pure.
#pragma once

#include <string>

#include "history/command_record.h"

namespace zc::history {

struct Crate {
  std::string name;  // empty: no crate
  // lib, bin, proc-macro, build-script, test, bench or example; else what rustc calls it.
  std::string type;
};
Crate crate_of(const CommandRecord& record);

// "o", "rlib", "exe" for a program of Rust; empty: not known.
std::string output_extension_of(const CommandRecord& record);

}  // namespace zc::history
