// Where a function of Rust comes from, by the name of its symbol, in either way in which rustc
// writes these (rustc's book, "Symbol Mangling").
//
// Thread: any; pure.
#pragma once

#include <string_view>

namespace zc::binary {

// Whether the function is in the module, or is the function, at `path`: "3std3env7vars_os", each
// name behind its length, the first one that of the crate. A generic function counts, too.
bool is_at_rust_path(std::string_view symbol, std::string_view path);

}  // namespace zc::binary
