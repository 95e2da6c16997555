// BuildComparison: two builds, command by command.
//
// Commands belong together if they make the same file. What then has no partner is compared by the
// names as the commands spell them, so that builds of two checkouts can be compared.
//
// Thread: values; they borrow from the builds.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "history/build.h"

namespace zc::history {

using CommandPair = std::pair<const CommandRecord*, const CommandRecord*>;  // before, after

struct BuildComparison {
  std::vector<CommandPair> worse;   // a hit then, none now; the dearest first
  std::vector<CommandPair> better;  // the other way round
  std::vector<const CommandRecord*> added;
  std::vector<const CommandRecord*> gone;
  std::size_t same = 0;  // pairs with hits in both, or in neither
};

// Of several commands that make the same, the last counts.
BuildComparison compare(const Build& before, const Build& after);

// Whether a command of one makes what a command of the other made.
bool have_something_in_common(const Build& one, const Build& other);

}  // namespace zc::history
