// InputList: what one run depended on, as its frontend found it: files that are not hashed yet,
// absences, and facts with their values. CacheableCompile::learn makes it; ResultBuilder checks it
// and makes it an input set.
//
// Thread: value.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/inputs/request_context.h"
#include "engine/inputs/rooted_path.h"
#include "files/file_cache.h"
#include "store/store.h"

namespace zc::engine {

// A file that the run read, or may have read.
struct ReadFile {
  RootedPath kept;           // as the set will name it
  std::string path;          // where it is now: absolute, or against the cwd of the request
  bool is_plain = false;     // no symlink, and it must not become one
  std::int64_t seen_ns = 0;  // the run read nothing of it before this (clock of file timestamps)
  std::optional<files::KnownFile> known = {};  // when it has been looked at already
};

// A file that the run left beside its products, and that a hit brings back under `name`: split
// debug information of rustc, whose names are not known before the run. `path` is where it is now.
struct FurtherOutput {
  std::uint8_t role = 0;
  std::string name;
  std::string path;
  store::FileKind kind = store::FileKind::kPlain;
  std::uint32_t mode = 0;     // as in store::Output
  bool is_rewritten = false;  // likewise
};

struct InputList {
  std::vector<ReadFile> deps;        // what the depfile lists, in its order
  std::vector<ReadFile> files;       // further ones
  std::vector<RootedPath> absences;  // a slash at the end: not even a directory may be there
  std::vector<store::Input> facts;   // with the values that they had when they were added
  std::vector<FurtherOutput> further_outputs;
  // Answers that differ in each run, such as the time: the result counts only if a second run,
  // which got others, has left the same.
  std::vector<std::string> doubts;
  std::vector<std::string> added_words;  // to the command, in that run

  // Takes the value that the fact has now. The caller must examine after this call whatever has to
  // be older than the run; a change in between would otherwise pass for what the run has seen.
  void add_fact(const RequestContext& context, store::InputKind kind, RootedPath about) {
    const FactName name = {.kind = kind, .root = about.root, .name = about.path};
    const std::optional<codec::Digest> value = context.fact_now(name);
    facts.push_back({.kind = kind,
                     .root = std::move(about.root),
                     .name = std::move(about.path),
                     .digest = value});
  }
  void add_fact(const RequestContext& context, store::InputKind kind, std::string_view name) {
    add_fact(context, kind, RootedPath{.root = {}, .path = std::string(name)});
  }
};

}  // namespace zc::engine
