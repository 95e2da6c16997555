// Module files of gfortran (`.mod`, `.smod`). gfortran writes a new one beside the old one,
// compares the two by the checksum that gzip has put at the end of each, and keeps the old file,
// with its times, if that is the same; else it removes the old one (gfortran 12,
// `gfc_dump_module`).
//
// So where a run has put a new module file, there was none before it, or one with another checksum,
// and whatever else was in that one made no difference. That is a fact (store::InputKind,
// kOtherModule). Where a run has kept the old file, it has read it: that is an input like others.
//
// Thread: any; no state.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>

#include "codec/digest.h"
#include "compiler/bypass.h"
#include "engine/input_list.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"

namespace zc::engine {

// In hexadecimal digits; empty: the bytes are no module file.
std::string checksum_of_module(std::string_view bytes);

// The name of the fact, and what it is about.
struct SplitModule {
  std::string_view path;
  std::string_view checksum;
};
SplitModule split_module(std::string_view name);
// Its value where it is true; elsewhere it has none.
codec::Digest other_module_value();

// The names of these facts, for the module files that the run has made. Adds that the names of the
// files which gfortran compares are free: it would take over what is there. Errors:
// kUnrepeatableInput for a module file of another format, or if such a name was not free;
// kModifiedOutputFile.
compiler::OrBypass<std::set<std::string, std::less<>>> find_other_modules(const os::FileSystem& fs,
                                                                          const Trace& trace,
                                                                          InputList& list);

}  // namespace zc::engine
