// Precompiled headers and modules of clang, whose users fail once a file that they were made of has
// another time: which times a run depends on.
//
// clang writes the time of each file into a precompiled header, in seconds, and into no module that
// a command names (clang 14 and 19); gcc goes by content. So a time counts if it stands in one of
// these files, at any bit: the format is a stream of bits. A header in which none is found has
// another format than is known, so all times count.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/bypass.h"
#include "engine/input_list.h"
#include "engine/observed/compile.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"

namespace zc::engine {

// A precompiled header or module, by its name.
bool is_precompiled(std::string_view path);

// Which of `seconds`, which are sorted, are in `bytes` as numbers of 32 bits, the lowest bit first,
// at any bit.
std::vector<std::uint32_t> find_numbers(std::string_view bytes,
                                        const std::vector<std::uint32_t>& seconds);

// Adds the times on which a run depends that has read, or made, precompiled files. `made` are
// absolute paths. Errors: kModifiedInputFile, if one of these files cannot be read any more.
compiler::OrBypass<> add_precompiled_times(const os::FileSystem& fs, const ObservedCompile& compile,
                                           const Trace& trace, const std::set<std::string>& made,
                                           InputList& list);

}  // namespace zc::engine
