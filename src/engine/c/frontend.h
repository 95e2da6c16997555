// Frontend: gcc and clang, one source at a time.
//
//   claim   read the command, make the manifest key
//   learn   what a run depended on, from its observation (compile.h)
//
// Thread: any.
#pragma once

#include <optional>
#include <string_view>

#include "engine/c/driver.h"
#include "engine/frontend.h"
#include "engine/observed/compared_times.h"
#include "engine/observed/object_scans.h"

namespace zc::engine::c {

struct Compile;

class Frontend final : public engine::Frontend {
 public:
  explicit Frontend(const Dependencies& dependencies);

  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  CompileOrBypass understand(const wire::CompileRequest& request, bool is_cxx_driver);
  compiler::OrBypass<> make_key(std::string_view driver, Compile& compile);

  const Dependencies ours_;
  Drivers drivers_;
  ObjectScans scans_;
  ComparedTimes times_;
};

}  // namespace zc::engine::c
