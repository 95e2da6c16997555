// Message files: by which the C library and gettext word the messages of programs in the language
// of the user. They open them without a call that could be seen (locale(7), gettext(3), iconv(1)).
//
// Thread: any; no state. Paths are absolute.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/observed/trace.h"
#include "engine/request_environment.h"

namespace zc::engine {

struct MessageFiles {
  std::vector<std::string> files;       // whether they are there or not
  std::vector<std::string> catalogues;  // directories of catalogues, likewise
};

// Whether a catalogue of this name is of a compiler, a tool that it starts, or the C library.
bool is_catalogue_of_compilers(std::string_view name);

// None where the language is that of the programs themselves.
MessageFiles message_files(const RequestEnvironment& env, const std::string& cwd,
                           const Trace& trace);

}  // namespace zc::engine
