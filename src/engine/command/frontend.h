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

// What is common to the frontends of such commands.
class FrontendOfTools : public engine::Frontend {
 protected:
  explicit FrontendOfTools(const Dependencies& dependencies)
      : ours_(dependencies),
        drivers_(dependencies),
        scans_(dependencies.fs, dependencies.files),
        compared_times_(dependencies.fs) {}

  compiler::OrBypass<std::unique_ptr<Compile>> understand(const wire::CompileRequest& request,
                                                          const Tool& tool);
  compiler::OrBypass<> finish(const wire::CompileRequest& request, Compile& compile) const;

  const Dependencies ours_;
  c::Drivers drivers_;
  ObjectScans scans_;
  ComparedTimes compared_times_;
};

class Frontend final : public FrontendOfTools {
 public:
  explicit Frontend(const Dependencies& dependencies);

  // Errors: kBadCommandOptions, with a message for the user; kBadToolFile.
  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  CompileOrBypass understand_declared(const wire::CompileRequest& request);

  ToolFiles tools_;
};

// Comes last: a program that no frontend knows, in a command of the form of a compile. It is taken
// for one as if a tool file said so (ADR 31).
class UnknownFrontend final : public FrontendOfTools {
 public:
  explicit UnknownFrontend(const Dependencies& dependencies) : FrontendOfTools(dependencies) {}

  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;
};

}  // namespace zc::engine::command
