// CompileCache: what CompileService needs of the cache, which is the engine over an open store. The
// service decides which client waits for which run and what each client is sent; the cache decides
// what is a hit. Tests of the service bring a cache of their own.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "compiler/bypass.h"
#include "engine/compile.h"
#include "engine/first_run.h"
#include "engine/frontend.h"
#include "history/explanation.h"
#include "os/fd.h"
#include "store/store.h"
#include "wire/message.h"

namespace zc::daemon {

class CompileCache {
 public:
  virtual ~CompileCache() = default;

  // As the engine's functions of the same names (engine/engine.h).
  virtual engine::CompileOrBypass claim(const wire::CompileRequest& request) = 0;
  virtual std::optional<engine::HitReply> lookup(const engine::CacheableCompile& compile) = 0;
  virtual std::optional<std::uint64_t> note_use(const engine::HitReply& hit) = 0;
  virtual engine::StoredOrFirst store_result(engine::CacheableCompile& compile,
                                             const wire::RunReport& report,
                                             const std::vector<os::Fd>& fds,
                                             const std::function<void()>& on_taken,
                                             const engine::FirstRun* first) = 0;
  virtual std::optional<engine::HitReply> replay(const engine::CacheableCompile& compile,
                                                 const engine::FirstRun& first) = 0;

  // The client at the other end of the socket gets this hit from `hit_ns` (wall clock) on, and may
  // report the stamps of what it delivers, if the hit asks for that.
  virtual void await_stamps(int socket, const engine::HitReply& hit, std::int64_t hit_ns) = 0;

  virtual void remove_result(const engine::CacheableCompile& compile,
                             const codec::Digest& result) = 0;

  // Why the command is no hit (engine/explain/known_commands.h).
  virtual history::Explanation explain(const engine::CacheableCompile& compile) = 0;
  // It has ended: with the result of a hit; with a new one, if there is neither that nor a reason;
  // or with none, for `reason`.
  struct Remembered {
    std::optional<codec::Digest> result;
    // Of a new one: with so much more room, the store would have had it still.
    std::uint64_t missing_room_bytes = 0;
  };
  virtual Remembered remember(const engine::CacheableCompile& compile,
                              const std::optional<codec::Digest>& hit, std::string_view reason) = 0;

  virtual store::Usage usage() = 0;
  virtual void set_size_bytes_max(std::uint64_t bytes) = 0;
  // Everything that was stored goes to disk. Errors: as Store::flush.
  virtual Result<> flush() = 0;
  // Forgets every result. Errors: as Store::clear.
  virtual Result<store::Store::Cleared> clear() = 0;
};

// Opens the store in `directory` and builds an engine over it, with the frontends that
// `make_frontends` makes. Errors: as Store::open, which gets `options` and `warn`.
Result<std::unique_ptr<CompileCache>> open_cache(
    const std::string& directory, const store::Options& options,
    const engine::MakeFrontends& make_frontends,
    const std::function<void(const std::string&)>& warn);

}  // namespace zc::daemon
