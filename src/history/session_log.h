// The line of a command in the log of a session, for people.
//
// Thread: any; pure.
#pragma once

#include <string>

#include "history/command_record.h"

namespace zc::history {

// "2026-01-31T12:00:00.123Z miss a.c -> a.o, 81 ms: the word -O2 is now -O3", with its end.
std::string session_log_line(const CommandRecord& record);

}  // namespace zc::history
