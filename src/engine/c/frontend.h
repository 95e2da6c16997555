// Frontend: gcc and clang, one source at a time.
//
//   claim   read the command, make the manifest key
//   learn   the inputs of a run from its depfile, what was looked for in vain from a scan of them
//
// Thread: any.
#pragma once

#include <optional>
#include <string_view>

#include "engine/c/driver.h"
#include "engine/c/scan_cache.h"
#include "engine/c/search_paths.h"
#include "engine/frontend.h"

namespace zc::engine::c {

struct Compile;

class Frontend final : public engine::Frontend {
 public:
  explicit Frontend(const Dependencies& dependencies);

  std::optional<CompileOrBypass> claim(const wire::CompileRequest& request) override;

 private:
  friend struct Compile;

  CompileOrBypass understand(const wire::CompileRequest& request, bool is_cxx_driver);
  compiler::OrBypass<> make_key(std::string_view driver, Compile& compile);

  const Dependencies ours_;
  Drivers drivers_;
  SearchPaths search_paths_;
  ScanCache scans_;
};

}  // namespace zc::engine::c
