// Written paths: what a run has written, as the trace shows, becomes the outputs of its result,
// with what must have been at their places before.
//
// Thread: any; no state.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "codec/digest.h"
#include "compiler/bypass.h"
#include "engine/input_list.h"
#include "engine/observed/input_rules.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"
#include "store/store.h"

namespace zc::engine::command {

struct WrittenPaths {
  std::set<std::string> paths;  // absolute
  // By name: the value of kOldOutput that the run has found. A path that may have held anything has
  // none here.
  std::map<std::string, std::optional<codec::Digest>, std::less<>> old;
  std::vector<FurtherOutput> outputs;
};

// What is known of a command whose programs are all tools that do the same whatever is where they
// write, but for what they take over from a file there: its mode, and its content.
struct ToolRun {
  std::int64_t start_ns = 0;
  std::uint32_t umask = 0;
  // When the files were born that were at some of the outputs' absolute paths before the run.
  const std::map<std::string, std::int64_t>& born_ns;
  // Absolute paths of files whose content before the run is in the key.
  const std::set<std::string>& keyed;
  // The absolute path of an output of which nothing stays, whatever was there; empty: of none.
  std::string_view overwritten;
};

// `shared_cwd`: a path that the run spelled relative to this directory has a relative name; empty:
// each name is an absolute path. Errors: kSideEffect for what no hit could do, kUnrepeatableInput
// if the run made something of what it found where it writes, kModifiedOutputFile.
compiler::OrBypass<WrittenPaths> find_written_paths(const os::FileSystem& fs, const Trace& trace,
                                                    const InputRules& rules,
                                                    const std::string& shared_cwd);

// The same of tools. An output holds for places that are empty, or that hold a file which would end
// with the same mode, whether the tool replaced it or wrote it anew (`holds_at`).
compiler::OrBypass<WrittenPaths> find_paths_of_tools(const os::FileSystem& fs, const Trace& trace,
                                                     const ToolRun& run);
bool holds_at(const os::FileSystem& fs, const std::string& path, const store::Output& output);

}  // namespace zc::engine::command
