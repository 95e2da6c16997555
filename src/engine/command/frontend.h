// Frontend: any command, if its user says so with `zccache exec`. Nothing is known of it: the key
// is its words, its directory and what the user declares; what it reads and writes, its run shows.
//
// Thread: any.
#pragma once

#include <optional>

#include "engine/c/driver.h"
#include "engine/frontend.h"
#include "engine/observed/object_scans.h"

namespace zc::engine::command {

class Frontend final : public engine::Frontend {
 public:
  explicit Frontend(const Dependencies& dependencies);

  // Errors: kBadCommandOptions, with a message for the user.
  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  CompileOrBypass understand(const wire::CompileRequest& request);

  const Dependencies ours_;
  c::Drivers drivers_;
  ObjectScans scans_;
};

}  // namespace zc::engine::command
