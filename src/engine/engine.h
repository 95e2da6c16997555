// Engine: from a compile request to a hit, or to what a run must bring; and from the report of a
// run to a stored result. It knows no language: what a command means and what it reads, its
// frontend tells (frontend.h). It reads as a list of steps:
//
//   claim          detect the tool; its frontend parses, identifies the compiler and makes the
//                  manifest key
//   lookup         find an input set that holds now, and the outputs that belong to it
//   plan           what the client must add to the command line when it compiles
//   store_result   learn the inputs of a run, check that they are what was compiled, store the
//                  result
//
// Thread: any; one CacheableCompile belongs to one request.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/c/frontend.h"
#include "engine/frontend.h"
#include "engine/inputs/freshness.h"
#include "engine/rust/frontend.h"
#include "os/change_watch.h"

namespace zc::engine {

class Engine {
 public:
  explicit Engine(const Dependencies& dependencies);

  CompileOrBypass claim(const wire::CompileRequest& request);

  std::optional<HitReply> lookup(const CacheableCompile& compile);

  static RunPlan plan(const CacheableCompile& compile);

  // `fds` are those of the report's frame. Calls `on_taken` as soon as the client may end, if that
  // is before the return: who changes an output from then on is seen (os/change_watch.h), and the
  // result is not stored. Nothing when it was stored, else why not.
  std::optional<compiler::Bypass> store_result(CacheableCompile& compile,
                                               const wire::RunReport& done,
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
  const os::World world_;
  os::ChangeWatcher watcher_;
  c::Frontend c_frontend_;
  rust::Frontend rust_frontend_;

  std::mutex mutex_;  // guards the next three
  std::shared_ptr<InputTable> table_;
  std::unordered_map<Digest, std::shared_ptr<const LoadedManifest>, codec::DigestHash> manifests_;
  std::size_t manifest_bytes_ = 0;
};

}  // namespace zc::engine
