// The report of a wrong result, for a person who looks for its cause: the command, what differs,
// and both results, file by file.
//
//   <directory>/<seconds since 1970>-<result key>/report.txt
//                                                 cached/    stdout, stderr, 0-a.o, 1-a.d
//                                                 compiled/  the same, of the compiler
//
// It holds no variables of the user's environment. Only the user can read it. There is a bound on
// how many are kept: the first ones, since a fault that shows often shows the same each time.
//
// Thread: any.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/compile.h"
#include "os/fd.h"
#include "wire/message.h"

namespace zc::daemon {

struct WrongResult {
  const wire::CompileRequest& request;
  const engine::HitReply& hit;
  const wire::RunOrder& order;    // whose outputs begin with the files of the hit
  const wire::RunReport& report;  // of the compiler's run
  const std::vector<os::Fd>& fds;
  const std::vector<std::string>& differences;
};

// Returns the directory of the report, which is made below `directory`. Errors: kInvalid if there
// are too many already, or another user may write there; kNoSpace, kIo: it is not complete.
Result<std::string> keep_report(const std::string& directory, const WrongResult& wrong);

}  // namespace zc::daemon
