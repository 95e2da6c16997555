// zccache explain --diff: two builds compared.
//
// Thread: main.
#pragma once

#include "cli/command.h"

namespace zc::cli {

// The words of `explain`, one of which is --diff. Returns an exit code: kFailed if the hit rate is
// under what --fail-under says, kUsageError also if there is no such build.
int explain_diff(const lifecycle::Caller& caller, Args args);

}  // namespace zc::cli
