// LTO, where more than a linker and a compiler take part: lto-wrapper of gcc has make carry out in
// parallel what it has written down, and LLVM keeps what it has compiled in a directory that the
// command names (thin LTO).
//
// What LLVM keeps there is compared as all other files are: what a link reads of it is an input,
// what it misses is an absence, what it adds is an output. So nothing depends on LLVM's promise
// that an entry holds what its name says, and a hit leaves the directory as the link would have
// done. Only the clean-up at the end of a link, by age and by the room on the disk, is left out, as
// long as it removes nothing.
//
// Thread: any; no state.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/input_list.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"

namespace zc::engine::driver {

// What make and its shell do for lto-wrapper counts as done by a linker. Where another program may
// have started them, they are programs that are not known.
bool runs_make_for_lto(const os::FileSystem& fs, const std::vector<std::string_view>& words,
                       const Trace& trace);
bool is_tool_of_lto(std::string_view path);

// Of such a run, takes out what make asks for its own working, and adds what it asks unseen.
// Errors: kUnrepeatableInput if make itself prints something; kUnsupportedCompiler if it carries
// out more than lto-wrapper's commands.
compiler::OrBypass<> take_make(const CacheableCompile& compile, std::string_view messages,
                               Trace& trace, InputList& list);

// Takes out the clean-up of a directory of thin LTO, of a run that tells no time. Errors:
// kUnrepeatableInput if it has removed something.
compiler::OrBypass<> take_clean_up(const std::vector<std::string_view>& words, bool has_messages,
                                   Trace& trace);

// Takes out what gcc's lto1 asks to have a seed for names, unless it has one: the time and
// /dev/urandom. The program of any run is right, as any object is (ADR 28).
void forget_seeds(const std::vector<std::string_view>& words, Trace& trace);

// Whether the file is one of such a directory that is not there: it comes with the file.
bool begins_cache_of_llvm(const os::FileSystem& fs, std::string_view path);

// How much room there is on the disk, LLVM asks for that clean-up.
bool is_asked_for_clean_up(std::string_view function, std::string_view program);

}  // namespace zc::engine::driver
