// Finds builds in the journal.
//
// Thread: any.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "history/build.h"

namespace zc::history {

// Called with each record that is read, for what shows progress.
using OnRecord = std::function<void()>;

// The newest first; fewer if there are no more.
std::vector<Build> last_builds(const std::string& directory, std::size_t count,
                               const OnRecord& on_record);

// Nothing: no command is known.
std::optional<Build> build_of_session(const std::string& directory, const std::string& session_id,
                                      const OnRecord& on_record);
std::optional<Build> commands_since(const std::string& directory, std::int64_t since_ns,
                                    const OnRecord& on_record);

// All commands in one file that has the form of a journal. Errors: kNotFound, kIo; kCorrupt: there
// is no record in it.
Result<Build> build_in_file(const std::string& path, const OnRecord& on_record);

// The newest build before `build` that made some of the same files. Nothing: there is none among
// the last ones.
std::optional<Build> build_before(const std::string& directory, const Build& build,
                                  const OnRecord& on_record);

}  // namespace zc::history
