// InformationQuery: a command that writes nothing, and whose messages are all there is to cache:
// queries of rustc about itself ("-vV", "--print …"), and rustfmt on files that need no formatting.
//
// Thread: as CacheableCompile.
#pragma once

#include <optional>
#include <string>

#include "engine/observed/compile.h"
#include "engine/observed/object_scans.h"

namespace zc::engine::rust {

struct InformationQuery final : ObservedCompile {
  InformationQuery(const os::FileSystem& file_system, ObjectScans& object_scans,
                   const wire::CompileRequest& request)
      : ObservedCompile(file_system, request), fs(file_system), scans(object_scans) {}

  const os::FileSystem& fs;
  ObjectScans& scans;

  void plan(RunPlan& out) const override { out.run.observe = true; }
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::string generate_depfile(const LoadedSet&) const override { return {}; }
};

}  // namespace zc::engine::rust
