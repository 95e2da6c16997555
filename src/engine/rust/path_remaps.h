// Path remaps: with ZCCACHE_PATH_REMAP=auto, rustc writes other paths into its outputs than the
// real ones, so that checkouts and target directories in different places have the same results
// (ADR 13).
//
//   the checkout   becomes "."; it is ZCCACHE_WORKTREE_ROOT, else the nearest directory with a
//                  `.git` at or above the cwd, else the cwd. Not for crates whose messages are
//                  silenced (--cap-lints): these are of a registry, which all checkouts share
//   OUT_DIR        becomes "OUT_DIR", for crates whose messages are silenced only: no user has
//                  to find a file by the name that it gets
//
// Both become roots (engine/observed/path_roots.h). What the user maps comes later in the command,
// and wins.
//
// Thread: any; pure but for the search for `.git`.
#pragma once

#include "engine/rust/compile.h"

namespace zc::engine::rust {

// Adds roots and arguments to `compile`, whose invocation is known. To be called before its other
// roots are added: of two roots with one directory, the first one stays.
void remap_paths(const os::FileSystem& fs, Compile& compile);

}  // namespace zc::engine::rust
