// Finds the real compiler behind the word the user typed: along PATH, never ourselves, not what has
// called us for this very command, and another cache's stand-in only if there is nothing else.
//
// Thread: the client has one.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "client/nesting.h"

namespace zc::client {

struct FoundCompiler {
  std::string path;       // to be executed
  std::string argv0;      // what it should see as argv[0]
  std::string nested;     // the variable for what it calls, if it takes our place
  bool is_plain = false;  // it has called us: run it once more, without a request
};

// `word` with a slash is relative to the working directory, as for a shell; else it is looked up in
// `search_path` (the value of PATH), skipping this program. A cache that is named by `word` itself
// is what the user wants. `masquerade`: we were called by the compiler's name. Errors, with a
// message for people: kNotFound, kInvalid when all that is there only calls us, and kIo when what
// is there cannot be run.
Result<FoundCompiler> find_compiler(std::string_view word, std::string_view search_path,
                                    bool masquerade, const Nesting& nesting);

}  // namespace zc::client
