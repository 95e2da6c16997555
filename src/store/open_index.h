// Opening the index of a store that may have been left in any state.
//
// LMDB trusts its file, and a damaged file can crash it. So the store opens a file directly only if
// the marker `clean`, written at the last orderly close, still describes it. Otherwise a child
// process first reads every record, checks it, and writes it to a new index, which then replaces
// the old one. So the parent accesses only pages that were either written completely or read
// without harm. An index that fails this check goes to quarantine, and a new one begins: every
// compile misses once.
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

// `warn` gets the reason if the old index goes to quarantine. Errors: kInvalid if the store has a
// newer format, kNoSpace, kIo.
Result<OpenedIndex> open_index(const Layout& layout,
                               const std::function<void(const std::string&)>& warn);

// Closes, and leaves the marker if everything reached the disk.
void close_index(const Layout& layout, std::unique_ptr<Index> index);

}  // namespace zc::store
