// Files: open, read, write, replace, copy.
//
// Every function retries EINTR. Paths are resolved by the kernel, through symlinks.
// Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"
#include "os/file_stamp.h"

namespace zc::os {

// How a file is opened. A symlink at the end of the path is followed, save where it says otherwise;
// what is made gets mode 0600.
enum class Open : std::uint8_t {
  kRead,
  kInspect,      // to read what others may have put there: no symlink, and no FIFO blocks
  kExecute,      // for nothing but to be executed
  kAppend,       // made if missing
  kAppendPlain,  // the same; no symlink
  kRewrite,      // made if missing, else emptied; no symlink
};

// Programs that we start do not get it. Errors: kNotFound, kNoSpace, kIo; the message names the
// path.
Result<Fd> open_file(const std::string& path, Open how);

// The same with the flags of open(2); for what only this layer does.
Result<Fd> open_path(const std::string& path, int flags, std::uint32_t mode = 0);

// Reads from the current offset to the end. Errors: kInvalid above `bytes_max`, kIo.
Result<std::string> read_fd(int fd, std::uint64_t bytes_max);
Result<std::string> read_path(const std::string& path, std::uint64_t bytes_max);
// From the beginning, wherever the offset is.
Result<std::string> read_from_start(int fd, std::uint64_t bytes_max);

// Reads what there is, up to `bytes_max`, from the current offset or from `offset`. 0: the end.
// Errors: kIo.
Result<std::size_t> read_some(int fd, char* buffer, std::size_t bytes_max);
Result<std::size_t> read_at(int fd, char* buffer, std::size_t bytes_max, std::uint64_t offset);

// Writes all of it, and waits for room where `fd` does not. SIGPIPE and SIGXFSZ end a process that
// does not ignore them (os/signal.h). Errors: kNoSpace, kIo; a part may have been written.
Result<> write_all(int fd, std::string_view bytes);

// In one call and without waiting: where there is no room, what is left is lost.
void write_or_lose(int fd, std::string_view bytes);

// Writes a new file beside `path` with `mode` and renames it over `path`; a reader sees the old
// bytes or the new ones. Not synced. One thread at a time for each path: the temporary name differs
// only between processes. Errors: kNotFound (no such directory), kNoSpace, kIo.
Result<> replace_file(const std::string& path, std::string_view bytes, std::uint32_t mode);

// Makes `to`, which is empty, share the blocks of `from` until one of the two is written (FICLONE,
// ioctl_ficlone(2)). False where the file system cannot, or the two are on different ones.
bool clone_fd(int from, int to);

// Copies all of `from`, from offset 0, to `to` at its current offset: FICLONE, else
// copy_file_range, else read and write. Errors: kNoSpace, kIo.
Result<> copy_fd(int from, int to, std::uint64_t size_bytes);

// mkdir -p with mode 0700 for each directory that is missing. Errors: kNoSpace, kIo.
Result<> make_directories(const std::string& path);

}  // namespace zc::os
