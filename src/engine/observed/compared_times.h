// ComparedTimes: which sources have a compiler compare the times of files, remembered by the digest
// of their content. `#pragma GCC dependency` does: the compiler warns of a source that is older
// than the file that it names. No other comparison of times is an input, but that of headers which
// are the same (relations.h).
//
// Thread: any.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "codec/digest.h"
#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/input_list.h"
#include "os/file_system.h"

namespace zc::engine {

// Whether a text may have the pragma, or words that become one.
bool may_compare_times(std::string_view text);

class ComparedTimes {
 public:
  // Borrows `fs`.
  explicit ComparedTimes(const os::FileSystem& fs) : fs_(fs) {}

  // Of files that have been looked at (relate_files). Errors: kUnrepeatableInput, with the source.
  compiler::OrBypass<> refuse(const CacheableCompile& compile, const InputList& list);

 private:
  bool may_compare(const CacheableCompile& compile, const ReadFile& file);
  std::optional<bool> recall(const codec::Digest& digest);

  static constexpr std::size_t kEntriesMax = 100'000;

  const os::FileSystem& fs_;
  Mutex mutex_;
  BoundedMap<codec::Digest, bool, codec::DigestHash> known_ ZC_GUARDED_BY(mutex_){kEntriesMax};
};

}  // namespace zc::engine
