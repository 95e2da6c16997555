// Engine: from a compile request to a hit, or to what a run must bring; and from the report of a
// run to a stored result. It knows no language: the frontends that it is given (frontend.h) know
// what a command means and what it reads. It reads as a list of steps:
//
//   claim          a frontend parses the command, identifies the compiler and makes the manifest
//                  key
//   lookup         find an input set that holds now, and the outputs that belong to it
//   store_result   learn the inputs of a run, check that they are what was compiled, store the
//                  result
//
// Thread: any; one CacheableCompile belongs to one request. Ownership: owns its frontends, borrows
// the rest. Errors: a Bypass says why a command is left alone or a result is not stored.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/first_run.h"
#include "engine/frontend.h"
#include "engine/loaded_manifests.h"
#include "engine/remembered_keys.h"
#include "os/change_watch.h"

namespace zc::engine {

class Engine {
 public:
  // Borrows what `dependencies` refers to, and owns `frontends`.
  Engine(const Dependencies& dependencies, Frontends frontends);

  // The first frontend that knows the command has it. May run the compiler to identify it, which
  // takes seconds on a cold disk. Errors: kUnsupportedCompiler if no frontend knows the command;
  // else the frontend's reason.
  CompileOrBypass claim(const wire::CompileRequest& request);

  // The stored result of a command whose inputs hold now; without one, a stored failure. Starts no
  // program. Nothing: no remembered input set holds, or the store has lost a part of the result.
  std::optional<HitReply> lookup(const CacheableCompile& compile);

  // Marks the result of a hit as used, for eviction: best when its client has had the reply.
  // Returns what store::Store::touch does.
  std::optional<std::uint64_t> note_use(const HitReply& reply);

  // `fds` are those of the report's frame. Calls `on_taken` at most once, on this thread, as soon
  // as the client may end, if that is before the return: a change of an output from then on is seen
  // (os/change_watch.h), and the result is not stored. `first`: the run before, if this one is to
  // confirm it. Errors: kUnrepeatableInput if the two differ; or if they have done so before, from
  // the same inputs, so that a second run would be in vain.
  StoredOrFirst store_result(CacheableCompile& compile, const wire::RunReport& report,
                             const std::vector<os::Fd>& fds, const std::function<void()>& on_taken,
                             const FirstRun* first = nullptr);

  // What the first run has left, after a second one has written over it. Nothing: the store has
  // lost it.
  std::optional<HitReply> replay(const CacheableCompile& compile, const FirstRun& first);

  // Takes out a result that was found to be wrong: no look-up finds it again.
  void remove_result(const CacheableCompile& compile, const Digest& result) {
    store_.remove_result(compile.manifest_key, result);
  }

  // What look-ups have loaded; borrowed.
  LoadedManifests& manifests() { return manifests_; }

  // To be called after the store has been cleared (loaded_manifests.h).
  void forget() {
    manifests_.forget();
    unrepeatable_.forget();
  }

 private:
  using Assemble = std::optional<HitReply> (Engine::*)(const CacheableCompile&, const LoadedSet&);
  std::optional<HitReply> find(const CacheableCompile& compile, const Digest& key,
                               Assemble make_reply);
  std::optional<HitReply> assemble(const CacheableCompile& compile, const LoadedSet& set);
  std::optional<HitReply> assemble_outputs(const CacheableCompile& compile,
                                           const store::ResultRecord& record);
  std::optional<HitReply> assemble_failure(const CacheableCompile& compile, const LoadedSet& set);
  compiler::OrBypass<> store_failure(CacheableCompile& compile, const wire::RunReport& report,
                                     const std::vector<os::Fd>& fds);

  const os::FileSystem& fs_;
  files::FileCache& files_;
  store::Store& store_;
  os::ChangeWatcher watcher_;
  const Frontends frontends_;
  LoadedManifests manifests_;
  RememberedKeys unrepeatable_;  // of results of which two runs have left another one each
};

}  // namespace zc::engine
