// ObservedCompile: a command that is cached by what its run was seen to look at, rather than by
// what is known of its language. The run is watched (docs/formats/observation.md), and all that it
// accessed and queried becomes the input set: files by their content, missing ones as absences, the
// rest as facts (facts.h).
//
// Thread: as CacheableCompile.
#pragma once

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/path.h"
#include "engine/compile.h"
#include "engine/frontend.h"
#include "engine/observed/facts.h"
#include "engine/observed/path_roots.h"
#include "engine/observed/trace.h"
#include "engine/toolchain.h"

namespace zc::engine {

struct ObservedCompile : CacheableCompile {
  ObservedCompile(const os::FileSystem& fs, const wire::CompileRequest& request)
      : CacheableCompile(fs, request), facts(fs, env, cwd, roots, output_paths, request.terminal) {}

  PathRoots roots;                     // filled by the frontend, as the next
  std::set<std::string> output_paths;  // absolute
  const Facts facts;
  std::shared_ptr<const Toolchain> toolchain;

  std::optional<codec::Digest> fact(const FactName& name, Looks& looks) const override {
    return facts.find(name, looks);
  }
  bool may_write_to(std::string_view where) const override {
    return std::ranges::any_of(output_paths,
                               [&](const std::string& path) { return dir_name(path) == where; });
  }
  // That its compiler is what the key says, each request has seen.
  const LooksByPath* known_looks() const override { return &toolchain->looks; }

  // A path as an input keeps it. If it was not found through its root, it is right only where the
  // root's directory is the same one: `list` gets that fact.
  RootedPath keep(std::string_view path, InputList& list) const {
    PathRoots::Kept kept = roots.keep(path);
    if (!kept.bound_to.empty()) {
      list.add_fact(*this, store::InputKind::kRoot, kept.bound_to);
    }
    return std::move(kept.path);
  }

  // What the run was seen to do; it borrows from `observation`. Errors: kNotObserved, if there is
  // no observation, it is empty (the observer was not loaded), or it is damaged.
  compiler::OrBypass<Trace> read_observation(const OwnPaths& own, const os::FileSystem& fs) const;

  std::optional<std::string> root_directory(std::string_view name) const override {
    return roots.directory_of(name);
  }
};

}  // namespace zc::engine
