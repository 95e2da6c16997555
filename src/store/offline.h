// For tools that inspect or empty a store without a daemon.
//
// Thread: any; not for a process that has the store open.
#pragma once

#include <string>

#include "base/result.h"
#include "store/store.h"

namespace zc::store {

// Removes everything of the store below `root`, which may be missing. Errors: kUnavailable while
// another process has it open, kIo.
Result<Store::Cleared> clear_offline(const std::string& root);

// Counts what exists. Fields are 0 where nothing exists, or where it cannot be read. The figures
// are exact only if no other process writes at the same time; reading never does harm.
Usage read_usage(const std::string& root);

}  // namespace zc::store
