// Compile: a compile by gcc or clang that can be cached.
//
// Thread: as CacheableCompile.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/c/search_path.h"
#include "engine/c/frontend.h"

namespace zc::engine::c {

// The inputs that a depfile lists, in its order.
struct ListedInputs {
  std::vector<std::string> paths;
  std::vector<std::uint8_t> user;  // parallel, 1: the user's -MMD depfile names it; or empty
};

struct Compile final : CacheableCompile {
  Compile(Frontend& owner, const wire::CompileRequest& request)
      : CacheableCompile(owner.ours_.fs, request), frontend(owner) {}

  Frontend& frontend;
  compiler::c::Invocation invocation;
  std::shared_ptr<const Toolchain> toolchain;

  bool gch_matters() const override { return invocation.family == compiler::c::Family::kGcc; }
  void plan(RunPlan& out) const override;
  void prefetch() override;
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  compiler::OrBypass<> why_not_holding(const InputList& inputs) const override;
  std::string generate_depfile(const LoadedSet& set) const override;

 private:
  compiler::OrBypass<ListedInputs> list_inputs(const compiler::c::SearchPath& search,
                                               const RunOutputs& report) const;
  std::optional<std::vector<std::string>> list_all_inputs() const;

  std::shared_ptr<const compiler::c::SearchPath> search_before_;  // of the time of the run
};

}  // namespace zc::engine::c
