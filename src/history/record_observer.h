// RecordObserver: what else than the journal wants to know of each command. It is called by the
// journal's thread, so no request waits for it.
//
// Thread: the journal's.
#pragma once

#include <string_view>

#include "history/command_record.h"

namespace zc::history {

class RecordObserver {
 public:
  virtual ~RecordObserver() = default;

  // Before the record becomes a line: adds or takes away what only some of the lines have.
  virtual void complete(CommandRecord& record) = 0;

  // The record, and its line, with its end.
  virtual void take(const CommandRecord& record, std::string_view line) = 0;
};

}  // namespace zc::history
