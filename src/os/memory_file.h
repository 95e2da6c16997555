// MemoryFile: a file without a name (memfd) of a fixed size, mapped into this process, that others
// may map as well. Its size is sealed: no access through a mapping can ever fault, whatever another
// process does with the file. Pages take memory when they are written first.
//
// Thread: any; what is in the mapping may change at any time. Move-only; unmaps and closes.
#pragma once

#include <cstddef>
#include <span>

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

class MemoryFile {
 public:
  // `name` shows up in /proc. Errors: kIo, where memory files are not there or memory has run out.
  static Result<MemoryFile> make(const char* name, std::size_t size_bytes);

  MemoryFile(MemoryFile&& other) noexcept;
  ~MemoryFile();

  int fd() const { return fd_.get(); }
  std::span<char> bytes() const { return bytes_; }

 private:
  MemoryFile(Fd fd, std::span<char> bytes) : fd_(std::move(fd)), bytes_(bytes) {}

  Fd fd_;
  std::span<char> bytes_;
};

// One that grows as it is written, for programs that we start. Invalid where there are none.
Fd make_growing_memory_file(const char* name);

}  // namespace zc::os
