// What a directory takes on disk.
//
// Thread: any. Errors: none; what cannot be examined does not count.
#pragma once

#include <cstdint>
#include <string>

namespace zc::cli {

// Of the plain files below `root`, by their size.
std::uint64_t bytes_below(const std::string& root);

}  // namespace zc::cli
