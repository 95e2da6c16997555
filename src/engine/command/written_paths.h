// Written paths: what a run has written, as the trace shows, becomes the outputs of its result, with
// what must have been at their places before.
//
// Thread: any; no state.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "codec/digest.h"
#include "compiler/bypass.h"
#include "engine/input_list.h"
#include "engine/observed/input_rules.h"
#include "engine/observed/trace.h"
#include "os/file_system.h"

namespace zc::engine::command {

struct WrittenPaths {
  std::set<std::string> paths;  // absolute
  // By path: the value of kOldOutput that the run has found. A path that may have held anything has
  // none here.
  std::map<std::string, std::optional<codec::Digest>, std::less<>> old;
  std::vector<FurtherOutput> outputs;
};

// Errors: kSideEffect for what no hit could do, kUnrepeatableInput if the run made something of
// what it found where it writes, kModifiedOutputFile.
compiler::OrBypass<WrittenPaths> find_written_paths(const os::FileSystem& fs, const Trace& trace,
                                                    const InputRules& rules);

}  // namespace zc::engine::command
