// Text that is put into a line of a terminal. Widths are in columns.
//
// Thread: any; pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace zc::cli {

// How wide a text is in which nothing moves a cursor. A guess, on the safe side: characters that
// may be two columns wide are.
std::size_t width_of(std::string_view text);

// `text` without anything that moves a cursor. If it is wider than `columns`, only its beginning,
// and "…" in place of the rest.
std::string fit(std::string_view text, std::size_t columns);

// The same with its end, as of a path, whose end says most.
std::string fit_end(std::string_view text, std::size_t columns);

// The same with both ends, as of a line that may end in a path.
std::string fit_ends(std::string_view text, std::size_t columns);

}  // namespace zc::cli
