// Inputs as text, for people and logs.
//
// Thread: any; no state.
#pragma once

#include <string>
#include <string_view>

#include "store/store.h"

namespace zc::engine {

// "variable HOME", "names in /w/d"; a file or an absence is its path.
std::string text_of(const store::Input& input);

// "/w/a.h"; below a root "<checkout>/a.h".
std::string text_of_path(std::string_view root, std::string_view path);

}  // namespace zc::engine
