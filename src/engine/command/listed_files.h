// Listed files: inputs that a user declares by a list that some file holds: the rule of a depfile,
// or the #include directives of C-like sources.
//
// Thread: any; no state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/command/options.h"
#include "os/file_system.h"

namespace zc::engine::command {

// What the rules of a Makefile, as compilers write them, depend on (GNU make's manual, "Rule
// Syntax"): words behind the first colon of each rule, unquoted.
std::vector<std::string> prerequisites_of(std::string_view rules);

// The files that `options.scanned_files` include, and what these include; each once, absolute. A
// name in quotes is looked for beside the file that includes it, and in the quote directories;
// then, as one in angle brackets, in the other directories. One that is not found is left out, and
// so is one that a macro names. Conditions are not evaluated.
std::vector<std::string> included_files(const os::FileSystem& fs, const std::string& cwd,
                                        const Options& options);

}  // namespace zc::engine::command
