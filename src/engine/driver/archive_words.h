// The words of ar, as far as they say which archive it changes in place (ar(1)).
//
// Thread: any; no state.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zc::engine::driver {

struct ArchiveWords {
  std::string operation;  // the letters, without a dash
  std::string archive;    // empty: there is none, as with a script
};

// `words` without the name of the program. Nothing: no operation that we find.
std::optional<ArchiveWords> read_archive_words(const std::vector<std::string_view>& words);

}  // namespace zc::engine::driver
