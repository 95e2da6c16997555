// A store looked at or emptied by a tool, without a daemon.
//
// Thread: any; not for a process that has the store open.
#pragma once

#include <string>

#include "base/result.h"
#include "store/store.h"

namespace zc::store {

// Removes everything of the store below `root`, which may be missing. Errors: kUnavailable while
// somebody has it open, kIo.
Result<Store::Cleared> clear_offline(const std::string& root);

// Counts what is there. Zeros where nothing is, or where it cannot be read. Right when nobody
// writes at the same time; never harmful.
Usage read_usage(const std::string& root);

}  // namespace zc::store
