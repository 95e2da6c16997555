// Messages of a rustc that failed: whether all of them are about sources, so that it would fail in
// the same words for the same inputs. The opposite of a list of exceptions: what is not known to be
// so is not.
//
// Thread: any; no state.
#pragma once

#include <string_view>

namespace zc::engine::rust {

// `printed` is the whole standard error. Only JSON is understood, which cargo requests.
bool are_about_sources(std::string_view printed);

}  // namespace zc::engine::rust
