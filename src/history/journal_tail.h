// JournalTail: the records that come to a journal, as they come.
//
// Thread: one. Owns: a descriptor of the file.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "history/command_record.h"
#include "os/fd.h"

namespace zc::history {

class JournalTail {
 public:
  // What is in the journal of this directory by now is passed over.
  explicit JournalTail(const std::string& directory);

  // The records that have come since the last call, in the order of the file; goes on to the new
  // file when the journal has begun one. Damaged lines are passed over.
  std::vector<CommandRecord> take();

 private:
  bool reopen();
  void read_rest(std::vector<CommandRecord>& out);

  const std::string path_;
  os::Fd file_;
  std::uint64_t at_ = 0;
  std::string begun_;  // of a line
};

}  // namespace zc::history
