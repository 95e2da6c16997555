// Message files: by which the C library and gettext word the messages of programs in the language
// of the user, and by which it converts text from one character set to another. They open them
// without a call that could be seen (locale(7), gettext(3), iconv(1)).
//
// Thread: any; no state. Paths are absolute; a relative one of a variable begins at `cwd`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/observed/trace.h"
#include "engine/request_environment.h"

namespace zc::engine {

struct MessageFiles {
  std::vector<std::string> files;        // whether they are there or not
  std::vector<std::string> directories;  // likewise, with their names and the files below
};

// Whether a file of such a directory counts: a catalogue of a compiler, of a tool that it starts or
// of the C library, or a table of conversions.
bool is_message_file(std::string_view name);

// None where the language is that of the programs themselves.
MessageFiles message_files(const RequestEnvironment& env, const std::string& cwd,
                           const Trace& trace);

// By which conversions are found. (What converts is a library, which the trace has.)
MessageFiles conversion_files(const RequestEnvironment& env, const std::string& cwd,
                              const Trace& trace);

}  // namespace zc::engine
