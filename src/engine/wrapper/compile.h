// Compile: a command of a wrapper that can be cached. It has no toolchain: the files of the wrapper
// and of the compiler are inputs like all others.
//
// Thread: as CacheableCompile.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/c/driver.h"
#include "engine/observed/compared_times.h"
#include "engine/observed/compile.h"
#include "engine/observed/object_scans.h"
#include "engine/remembered_keys.h"

namespace zc::engine::wrapper {

struct Compile final : ObservedCompile {
  Compile(const Dependencies& ours, c::Drivers& known_drivers, ObjectScans& object_scans,
          ComparedTimes& compared_times, RememberedKeys& compilers_of_their_own,
          const wire::CompileRequest& request)
      : ObservedCompile(ours.fs, request),
        fs(ours.fs),
        files(ours.files),
        drivers(known_drivers),
        scans(object_scans),
        times(compared_times),
        compilers(compilers_of_their_own),
        has_terminal(request.has_terminal) {
    toolchain = std::make_shared<const Toolchain>();
  }

  const os::FileSystem& fs;
  files::FileCache& files;
  c::Drivers& drivers;
  ObjectScans& scans;
  ComparedTimes& times;
  RememberedKeys& compilers;  // by their identity
  Digest identity;
  const bool has_terminal;  // the wrapper may find out, and what it starts look otherwise

  // No word is added: the wrapper would see it.
  void plan(RunPlan& out) const override { out.run.observe = true; }
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::optional<Digest> failure_key() const override;
  compiler::OrBypass<InputList> learn_failure(const RunOutputs& outputs) override;
  std::string generate_depfile(const LoadedSet&) const override { return {}; }

 private:
  compiler::OrBypass<InputList> learn_from(const Trace& trace, const RunOutputs& outputs);
};

}  // namespace zc::engine::wrapper
