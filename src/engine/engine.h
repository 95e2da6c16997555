// Engine: from a compile request to a hit, or to what a run must bring; and from the report of a
// run to a stored result. It knows no language: what a command means and what it reads, the
// frontends know that it is given (frontend.h). It reads as a list of steps:
//
//   claim          a frontend parses the command, identifies the compiler and makes the manifest
//                  key
//   lookup         find an input set that holds now, and the outputs that belong to it
//   plan           what the client must add to the command line when it compiles
//   store_result   learn the inputs of a run, check that they are what was compiled, store the
//                  result
//
// Thread: any; one CacheableCompile belongs to one request. Ownership: owns its frontends, borrows
// the rest. Errors: a Bypass says why a command is left alone or a result is not stored.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "engine/frontend.h"
#include "engine/inputs/input_set.h"
#include "os/change_watch.h"

namespace zc::engine {

class Engine {
 public:
  Engine(const Dependencies& dependencies, Frontends frontends);

  // The first frontend that knows the command has it.
  CompileOrBypass claim(const wire::CompileRequest& request);

  std::optional<HitReply> lookup(const CacheableCompile& compile);

  static RunPlan plan(const CacheableCompile& compile);

  // `fds` are those of the report's frame. Calls `on_taken` as soon as the client may end, if that
  // is before the return: a change of an output from then on is seen (os/change_watch.h), and the
  // result is not stored.
  compiler::OrBypass<> store_result(CacheableCompile& compile, const wire::RunReport& report,
                                    const std::vector<os::Fd>& fds,
                                    const std::function<void()>& on_taken);

  // After the store has been cleared.
  void forget();

 private:
  std::shared_ptr<InputTable> table();
  std::shared_ptr<const LoadedManifest> manifest(const Digest& key);
  void keep(const Digest& key, std::shared_ptr<const LoadedManifest> manifest);
  void keep_recorded(const Digest& key, std::shared_ptr<const LoadedSet> set,
                     std::shared_ptr<InputTable> table);
  std::optional<HitReply> assemble(const CacheableCompile& compile, const LoadedSet& set);

  const os::FileSystem& fs_;
  files::FileCache& files_;
  store::Store& store_;
  os::ChangeWatcher watcher_;
  const Frontends frontends_;

  Mutex mutex_;
  std::shared_ptr<InputTable> table_ ZC_GUARDED_BY(mutex_);
  std::unordered_map<Digest, std::shared_ptr<const LoadedManifest>, codec::DigestHash> manifests_
      ZC_GUARDED_BY(mutex_);
  std::size_t manifest_bytes_ ZC_GUARDED_BY(mutex_) = 0;
};

}  // namespace zc::engine
