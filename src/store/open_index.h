// Opening the index of a store that may have been left in any state.
//
// LMDB believes what its file says, and a damaged one can crash it. A file is therefore opened
// directly only when the marker `clean`, written at the last orderly close, still describes it.
// Otherwise a child process first reads every record, checks it, and writes it to a new index,
// which then takes the place of the old one: so the parent never touches a page that was not either
// written in one piece or read without harm. An index that fails this goes to quarantine, and a
// fresh one begins: everything misses once.
//
// Thread: the opener's; the store's lock is held.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "store/index.h"
#include "store/layout.h"

namespace zc::store {

struct OpenedIndex {
  std::unique_ptr<Index> index;
  bool was_clean = false;  // closed in order by the last user, or new
};

// Errors: kInvalid when the store has a newer format, kNoSpace, kIo.
Result<OpenedIndex> open_index(const Layout& layout,
                               const std::function<void(const std::string&)>& warn);

// Closes, and leaves the marker if everything reached the disk.
void close_index(const Layout& layout, std::unique_ptr<Index> index);

}  // namespace zc::store
