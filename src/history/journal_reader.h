// Reads the records of a journal, the newest first: what happened to a command last is near the
// end of the file.
//
// Thread: any.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "history/command_record.h"

namespace zc::history {

// Visits the records of all files of the journal in `directory` until `visit` returns false. Lines
// that do not contain `text` are passed over before they are decoded; so are damaged ones. A file
// that cannot be read counts as empty.
void read_backwards(const std::string& directory, std::string_view text,
                    const std::function<bool(const CommandRecord&)>& visit);

// The same of one file, whatever its name; true if `visit` has seen all of it. Errors: kNotFound,
// kInvalid (too large), kIo.
Result<bool> read_file_backwards(const std::string& path, std::string_view text,
                                 const std::function<bool(const CommandRecord&)>& visit);

}  // namespace zc::history
