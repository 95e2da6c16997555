// Compile: a compile by gcc or clang that can be cached.
//
// Thread: as CacheableCompile.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/c/search_path.h"
#include "engine/c/frontend.h"

namespace zc::engine::c {

struct Compile final : CacheableCompile {
  Compile(Frontend& owner, const wire::CompileRequest& request)
      : CacheableCompile(owner.fs_, request), family(owner) {}

  Frontend& family;
  compiler::c::Invocation invocation;
  std::shared_ptr<const Toolchain> toolchain;

  bool gch_matters() const override { return invocation.family == compiler::c::Family::kGcc; }
  void plan(RunPlan& out) const override;
  void prefetch() override;
  std::optional<compiler::Bypass> learn(const RunOutputs& report, ResultBuilder& builder) override;
  std::optional<compiler::Bypass> why_not_holding(const ResultBuilder& builder) const override;
  std::string generate_depfile(const LoadedSet& set) const override;

 private:
  std::optional<std::vector<std::string>> list_all_inputs() const;

  std::shared_ptr<const compiler::c::SearchPath> search_before_;  // of the time of the run
};

}  // namespace zc::engine::c
