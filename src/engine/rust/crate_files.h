// Crate files: what the name of a file says of a crate or library that it may be.
//
// Thread: any; no state.
#pragma once

#include <array>
#include <string_view>

namespace zc::engine::rust {

// The forms of a crate, after "lib" and its name, in the order in which rustc prefers them.
inline constexpr std::array<std::string_view, 3> kCrateForms = {".rlib", ".rmeta", ".so"};

// "libserde-12ab" of a path to one of the forms of a crate; empty for any other.
std::string_view crate_stem(std::string_view path);

// Whether `name` is that of a crate, an archive or a shared object, with a version or without.
bool is_library(std::string_view name);

}  // namespace zc::engine::rust
