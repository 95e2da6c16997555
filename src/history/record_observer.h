// RecordObserver: what else than the journal wants to know of each command.
//
// Thread: any for `complete` and `wants`, after a request has had its last reply; that of the
// journal for `take`, so that no request waits for a disk.
#pragma once

#include <string_view>

#include "history/command_record.h"

namespace zc::history {

class RecordObserver {
 public:
  virtual ~RecordObserver() = default;

  // Before the record becomes a line: adds or takes away what only some of the lines have.
  virtual void complete(CommandRecord& record) = 0;

  // Whether it wants to take the record, which is complete.
  virtual bool wants(const CommandRecord& record) const = 0;
  // The record, and its line, with its end.
  virtual void take(const CommandRecord& record, std::string_view line) = 0;
};

}  // namespace zc::history
