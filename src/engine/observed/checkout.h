// Checkout: the directory whose place results need not depend on when paths are remapped (ADR 13,
// ADR 29), and whether a text names it.
//
// Thread: any; no state. Errors: what cannot be looked at is not there.
#pragma once

#include <string>
#include <string_view>

#include "engine/request_environment.h"
#include "os/file_system.h"

namespace zc::engine {

// ZCCACHE_WORKTREE_ROOT if that is absolute, else the nearest directory with a `.git` at or above
// `cwd`, else `cwd`.
std::string checkout_of(const os::FileSystem& fs, const RequestEnvironment& env,
                        const std::string& cwd);

// Whether `directory`, an absolute path without symlinks, is spelled in `text`: as it is, or with
// further slashes and dots that lead to the same place ("/a//b/./c").
bool spells_directory(std::string_view text, std::string_view directory);

}  // namespace zc::engine
