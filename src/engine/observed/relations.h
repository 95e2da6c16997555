// Relations: how files and directories that a compiler came to compare with each other, as far as
// its result depends on that. All roots of the compile have its working directory below them.
//
// Thread: any; no state.
#pragma once

#include "engine/input_list.h"
#include "engine/observed/compile.h"
#include "files/file_cache.h"

namespace zc::engine {

// Compilers compare directories of the search path with each other: one fact for all says that they
// are there, and which are the same.
void relate_directories(const ObservedCompile& compile, InputList& list);

// The same for files of one content, which are one header if they have one time or identity.
void relate_files(const ObservedCompile& compile, files::FileCache& files, InputList& list);

}  // namespace zc::engine
