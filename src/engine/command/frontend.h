// Frontend: any command, if its user says so with `zccache exec`, or a tool file names its program.
// The key is its words, its directory and what is declared; what it reads and writes, its run
// shows. Comes first: a compiler behind `zccache exec` is a command as any other.
//
// Thread: any.
#pragma once

#include <memory>
#include <optional>

#include "engine/c/driver.h"
#include "engine/command/tool_files.h"
#include "engine/frontend.h"
#include "engine/observed/compared_times.h"
#include "engine/observed/object_scans.h"

namespace zc::engine::command {

struct Compile;

class Frontend final : public engine::Frontend {
 public:
  explicit Frontend(const Dependencies& dependencies);

  // Errors: kBadCommandOptions, with a message for the user; kBadToolFile.
  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  CompileOrBypass understand(const wire::CompileRequest& request);
  CompileOrBypass understand(const wire::CompileRequest& request, const Tool& tool);
  CompileOrBypass finish(const wire::CompileRequest& request, std::unique_ptr<Compile> compile);

  const Dependencies ours_;
  c::Drivers drivers_;
  ObjectScans scans_;
  ToolFiles tools_;
  ComparedTimes compared_times_;
};

}  // namespace zc::engine::command
