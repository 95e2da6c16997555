// Nesting: which programs have been run in our place and may call us again, listed in the
// environment. A wrapper script that is named like the compiler and calls us is found by us again,
// and would be for ever; so may be another cache that looks along PATH as we do. ADR 20.
//
// ZCCACHE_NESTED is a list of DEVICE:INODE:COMMAND, one for each such program, outermost first;
// COMMAND is a hash of its arguments and its working directory. So the same program for another
// command, which such a wrapper may need on its way, is not taken for a loop.
//
// Thread: the client has one.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "os/file_stamp.h"

namespace zc::client {

class Nesting {
 public:
  // `value` is that of the variable; what is not understood in it is left out. `args` come after
  // the compiler's name.
  Nesting(std::string_view value, std::span<char* const> args);

  enum class Return : std::uint8_t {
    kNone,   // not running, or for other commands
    kAgain,  // for this very command, or so often that it must be a loop
    kLoop,   // again, after it was run once more for want of anything else
  };
  Return return_of(const os::FileStamp& program) const;

  // The value of the variable for what `program` calls: the list with one entry more.
  std::string value_within(const os::FileStamp& program) const;

 private:
  struct Entry {
    std::uint64_t device;
    std::uint64_t inode;
    std::uint64_t command;
  };

  std::vector<Entry> entries_;
  std::uint64_t command_;
};

}  // namespace zc::client
