// Compile: an assembler source that can be cached.
//
// Thread: as CacheableCompile.
#pragma once

#include <string>

#include "engine/observed/compile.h"
#include "engine/observed/object_scans.h"

namespace zc::engine::assembler {

struct Compile final : ObservedCompile {
  Compile(const os::FileSystem& file_system, ObjectScans& object_scans,
          const wire::CompileRequest& request)
      : ObservedCompile(file_system, request), fs(file_system), scans(object_scans) {}

  const os::FileSystem& fs;
  ObjectScans& scans;

  void plan(RunPlan& out) const override { out.run.observe = true; }
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::string generate_depfile(const LoadedSet&) const override { return {}; }
};

}  // namespace zc::engine::assembler
