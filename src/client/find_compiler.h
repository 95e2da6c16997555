// Finds the real compiler behind the word the user typed: along PATH, never ourselves, never
// another cache's stand-in.
//
// Thread: the client has one.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace zc::client {

struct FoundCompiler {
  std::string path;   // to be executed
  std::string argv0;  // what it should see as argv[0]
};

// `word` with a slash is relative to the working directory, as for a shell; else it is looked up in
// `search_path` (the value of PATH), skipping this program and other compiler caches.
// `masquerade`: we were called by the compiler's name. Errors: kNotFound, with a message for
// people.
Result<FoundCompiler> find_compiler(std::string_view word, std::string_view search_path,
                                    bool masquerade);

}  // namespace zc::client
