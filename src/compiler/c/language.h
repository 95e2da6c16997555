// Which language a source is in: by -x, else by its extension and by the driver.
//
// Thread: any; no state.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/c/invocation.h"

namespace zc::compiler::c {

// `name` is the value of -x. Nothing for a language that is not cached (headers, modules,
// preprocessed code).
std::optional<Language> language_of_name(std::string_view name);

// C++ drivers take `.c` for C++. Nothing for an extension that is not cached, or is no source.
std::optional<Language> language_of_file(Family family, bool is_cxx_driver, std::string_view path);

}  // namespace zc::compiler::c
