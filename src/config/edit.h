// Edit: puts a value into the text of a file of settings, and leaves all else as its user wrote it.
//
// Thread: any; no state.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "config/keys.h"

namespace zc::config {

// `value` is usable (normal_value). A value that is there already is replaced in its place; a new
// one gets a line of its own. Errors: kInvalid if the text is no file of settings.
Result<std::string> with_value(std::string_view text, const Key& key, std::string_view value);

}  // namespace zc::config
