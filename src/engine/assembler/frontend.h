// Frontend: assembler sources that the preprocessor does not see (`.s`), by the driver of gcc or
// clang, one at a time.
//
// No depfile names what `.include` and `.incbin` read, so the run is observed; a command is cached
// under its words, exactly as they are spelled.
//
// Thread: any.
#pragma once

#include <memory>
#include <optional>

#include "engine/c/driver.h"
#include "engine/frontend.h"
#include "engine/observed/object_scans.h"

namespace zc::engine::assembler {

struct Compile;

class Frontend final : public engine::Frontend {
 public:
  explicit Frontend(const Dependencies& dependencies);

  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  CompileOrBypass understand(c::DriverCommand command, const wire::CompileRequest& request,
                             std::unique_ptr<Compile> compile);

  const Dependencies ours_;
  c::Drivers drivers_;
  ObjectScans scans_;
};

}  // namespace zc::engine::assembler
