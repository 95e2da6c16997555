// Compile: a compile by gcc or clang that can be cached.
//
// Thread: as CacheableCompile.
#pragma once

#include <optional>
#include <string>

#include "compiler/c/invocation.h"
#include "engine/c/path_remaps.h"
#include "engine/observed/compared_times.h"
#include "engine/observed/compile.h"
#include "engine/observed/object_scans.h"

namespace zc::engine::c {

struct Compile final : ObservedCompile {
  Compile(const os::FileSystem& file_system, files::FileCache& file_cache,
          ObjectScans& object_scans, ComparedTimes& compared_times,
          const wire::CompileRequest& request)
      : ObservedCompile(file_system, request),
        fs(file_system),
        files(file_cache),
        scans(object_scans),
        times(compared_times) {}

  const os::FileSystem& fs;
  files::FileCache& files;
  ObjectScans& scans;
  ComparedTimes& times;
  compiler::c::Invocation invocation;
  std::optional<PathRemap> remap;

  // PWD, where it leads to the working directory: compilers take it for its name then.
  std::string_view pwd() const;
  std::optional<codec::Digest> fact(const FactName& name, Looks& looks) const override;
  void plan(RunPlan& out) const override;
  void add_maps(wire::RunOrder& order) const override;
  compiler::OrBypass<std::vector<FurtherOutput>> find_outputs(const RunOutputs& outputs) override;
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::optional<Digest> failure_key() const override;
  compiler::OrBypass<InputList> learn_failure(const RunOutputs& outputs) override;
  std::string generate_depfile(const LoadedSet& set) const override;

 private:
  bool fails_under_any_name() const;
};

}  // namespace zc::engine::c
