// KnownCommands: remembers each command under what it is about (the output that it makes), and
// explains a miss by what has changed since.
//
// Nothing here decides a hit. What is remembered survives the daemon, and is bounded by the store.
//
// Thread: any. Ownership: borrows all.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bounded_map.h"
#include "base/mutex.h"
#include "engine/compile.h"
#include "engine/loaded_manifests.h"
#include "files/file_cache.h"
#include "history/explanation.h"
#include "os/file_system.h"
#include "store/store.h"

namespace zc::engine::explain {

class KnownCommands {
 public:
  KnownCommands(const os::FileSystem& fs, files::FileCache& files, store::Store& store,
                LoadedManifests& manifests)
      : fs_(fs), files_(files), store_(store), manifests_(manifests) {}

  // Why `compile` is no hit, as things are now.
  history::Explanation explain(const CacheableCompile& compile);

  // The command has ended, with `result`, or with none for `reason` (compiler::text_of). Writes
  // only if that is not known yet.
  void remember(const CacheableCompile& compile, const std::optional<Digest>& result,
                std::string_view reason);

  // To be called after the store has been cleared.
  void forget();

 private:
  std::optional<store::KnownCommand> find_like(const CacheableCompile& compile,
                                               history::Compared& compared);
  void add_changed_inputs(const CacheableCompile& compile, const store::KnownCommand& last,
                          history::Explanation& out);

  // What is remembered of a command, in short.
  struct Seen {
    Digest manifest;
    Digest result;
    bool operator==(const Seen&) const = default;
  };
  static constexpr std::size_t kSeenMax = 50'000;  // 100 bytes each

  const os::FileSystem& fs_;
  files::FileCache& files_;
  store::Store& store_;
  LoadedManifests& manifests_;
  Mutex mutex_;
  BoundedMap<Digest, Seen, codec::DigestHash> seen_ ZC_GUARDED_BY(mutex_){kSeenMax};
};

}  // namespace zc::engine::explain
