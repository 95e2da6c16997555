// CommandLog: what the daemon hands the records of commands to, as soon as each has had its last
// reply.
//
// Thread: any.
#pragma once

#include <string>

#include "history/command_record.h"

namespace zc::history {

class CommandLog {
 public:
  virtual ~CommandLog() = default;

  // `request`: for fill_from_request, so that the thread of the request need not do that.
  virtual void add(std::string request, CommandRecord record) = 0;

  // Waits until what was added by now can be read.
  virtual void flush() = 0;
};

}  // namespace zc::history
