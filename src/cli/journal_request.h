// Makes a daemon that runs write down what of the journal it still has in memory. Without a daemon,
// or with one that hangs, the file has all there is.
//
// Thread: main.
#pragma once

#include "cli/request.h"

namespace zc::cli {

inline void request_journal(const lifecycle::Caller& caller) {
  constexpr int kFlushMs = 2'000;
  (void)request(caller, wire::Type::kStatistics, wire::Type::kStatisticsReply, kFlushMs);
}

}  // namespace zc::cli
