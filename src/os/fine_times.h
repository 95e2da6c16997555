// Fine times: whether a file cannot change without a change of its stamp, however soon after the
// stamp was taken.
//
// Most kernels give files the time of their last tick, so that a file which is written twice within
// a tick may have one stamp. From Linux 6.13 on, some file systems give a file whose times were
// asked for another time with its next change ("multigrain timestamps").
//
// Thread: any.
#pragma once

#include <string_view>

#include "os/file_stamp.h"

namespace zc::os {

// `fd` is open, and `stamp` was taken of it. False where that is not known.
bool shows_each_change(int fd, const FileStamp& stamp);

// Of the two conditions, the one that the file fulfils: it lies on a file system with such times,
// if the kernel has them.
bool is_of_fine_type(int fd, const FileStamp& stamp);

// ... and the other: the kernel of this release (uname(2)) has them. The second one asks for the
// release of this one.
bool has_fine_times(std::string_view release);
bool has_fine_times();

}  // namespace zc::os
