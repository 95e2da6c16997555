// Delivers a hit: writes the outputs where the compiler would have, then the streams.
//
// Each file is made complete under no name (os/unnamed_file.h) and then takes the place of the old
// one.
//
// The order is that of a compiler that is watched by make: depfile and side outputs first, and last
// the main output. A program that finds it new finds everything else new, whenever the client was
// killed.
//
// Thread: the client has one.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "os/fd.h"
#include "os/unnamed_file.h"
#include "wire/message.h"

namespace zc::client {

// `fds` are those of the frame, in order. Errors: kNoSpace, kIo, kInvalid (descriptors missing);
// nothing is published unless all files could be made. kIo also for an old file that the caller may
// not write: the compiler runs then, and decides what to do about it. `spare` is used if it is for
// the path of one of the files, and that is no program. Returns the stamps that the hit asks for,
// as far as they are certain.
Result<wire::Delivered> deliver_files(const wire::Hit& hit, const std::vector<os::Fd>& fds,
                                      std::optional<os::UnnamedFile> spare = std::nullopt);

// Removes files, symlinks and empty directories, as far as they are there.
void clear_paths(const std::vector<ByteView>& paths);

// Writes both streams. Standard output comes first: the order of the two among each other is not
// stored. Errors: kNoSpace, kIo. A compiler may fail for that, so it runs then.
Result<> replay_streams(const wire::Hit& hit);

}  // namespace zc::client
