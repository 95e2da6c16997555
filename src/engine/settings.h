// What settings say of a command, whatever its language: which come as variables of its request
// (daemon/settings.h puts those of files there).
//
//   ZCCACHE_CACHE_BUSTER        a text that the result depends on
//   ZCCACHE_EXTRA_FILES         files, with colons between them, on whose content it depends
//   ZCCACHE_RECACHE             no hit: the command runs, and its result is stored anew
//   ZCCACHE_READ_ONLY           a miss is not stored
//   ZCCACHE_TERMINATE_ON_MISS   a miss fails the command
//
// Thread: any; no state.
#pragma once

#include "compiler/bypass.h"
#include "engine/compile.h"
#include "files/file_cache.h"
#include "os/file_system.h"

namespace zc::engine {

// Of a command that a frontend has claimed. What the result depends on enters its key here, behind
// all that frontends have put in, so that none can forget it. Errors: kUnreadableInput, with the
// extra file.
compiler::OrBypass<> take_settings(files::FileCache& files, CacheableCompile& compile);

// After the run: nothing but the run shows whether it has read an extra file, so each must be as it
// was for the key, and older than the run. Errors: kModifiedInputFile.
compiler::OrBypass<> check_extra_files(const os::FileSystem& fs, const CacheableCompile& compile);

}  // namespace zc::engine
