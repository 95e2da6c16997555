// Compile: one crate, by rustc or clippy-driver, that can be cached.
//
// Thread: as CacheableCompile.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/rust/dep_info.h"
#include "compiler/rust/invocation.h"
#include "engine/observed/compile.h"
#include "engine/observed/object_scans.h"

namespace zc::engine::rust {

struct Compile final : ObservedCompile {
  Compile(const os::FileSystem& file_system, files::FileCache& file_cache,
          ObjectScans& object_scans, const wire::CompileRequest& request)
      : ObservedCompile(file_system, request),
        has_terminal(request.has_terminal),
        fs(file_system),
        files(file_cache),
        scans(object_scans) {}

  const bool has_terminal;  // rustc breaks the lines of messages to the width of it

  const os::FileSystem& fs;
  files::FileCache& files;
  ObjectScans& scans;
  compiler::rust::Invocation invocation;
  std::vector<std::string> injected;  // arguments that only we add
  std::vector<std::string> remapped;  // roots whose paths are not written into the outputs
  std::size_t inject_at = 0;

  // Whether `path` is in a root whose paths are not written into the outputs.
  bool is_remapped(std::string_view path) const;

  std::optional<Product> product_of(const store::Output& output) const override;
  // Directories that are not in the key but may be named in messages: as they are spelled, as they
  // are, and without symlinks.
  std::vector<std::string> directories() const;

  std::optional<codec::Digest> fact(const FactName& name, Looks& looks) const override;
  void plan(RunPlan& out) const override;
  void add_maps(wire::RunOrder& order) const override;
  compiler::OrBypass<InputList> learn(const RunOutputs& outputs) override;
  std::optional<codec::Digest> failure_key() const override;
  compiler::OrBypass<InputList> learn_failure(const RunOutputs& outputs) override;
  std::string generate_depfile(const LoadedSet& set) const override;
  std::string encode_messages(std::string_view err) const override;
  std::optional<std::string> decode_messages(std::string kept) const override;
};

}  // namespace zc::engine::rust
