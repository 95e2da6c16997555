// Temporary names: those of the objects that a driver makes between compiling and linking, and of
// what python makes for the programs that it starts. They are others in each run, and messages name
// them, so a hit prints fresh ones, of the same form and in the same directory.
//
// Thread: value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/bypass.h"

namespace zc::engine {

class TemporaryNames {
 public:
  // Of the paths that a run has made and removed, those that `messages` name. Errors:
  // kUnrepeatableInput for one whose random part is not known.
  static compiler::OrBypass<TemporaryNames> find(std::string_view messages,
                                                 const std::vector<std::string_view>& passing);

  bool is_empty() const { return names_.empty(); }

  // `messages` with marks in place of the random parts.
  std::string hide(std::string messages) const;

 private:
  struct Name {
    std::string text;  // up to the end of its random part
    char mark = 0;     // of its form
    std::size_t random_bytes = 0;
  };
  std::vector<Name> names_;
};

// The reverse: marks become random parts, by what `seed` makes of their numbers. Nothing: `kept` is
// damaged.
std::optional<std::string> renew_temporary_names(std::string_view kept, std::uint64_t seed);

}  // namespace zc::engine
