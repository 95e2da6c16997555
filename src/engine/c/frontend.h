// Frontend: gcc and clang, one source at a time.
//
//   claim   parse the arguments, identify the toolchain, make the manifest key
//   learn   the inputs of a run from its depfile, what was looked for in vain from a scan of them
//
// Thread: any.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/c/scan_cache.h"
#include "engine/c/search_paths.h"
#include "engine/c/toolchain.h"
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
  compiler::OrBypass<> parse_arguments(const wire::CompileRequest& request, bool is_cxx_driver,
                                       Compile& compile);
  compiler::OrBypass<> identify(const std::vector<std::string>& locating, Compile& compile);
  compiler::OrBypass<> make_key(std::string_view driver, Compile& compile);

  const Dependencies ours_;
  Toolchains toolchains_;
  SearchPaths search_paths_;
  ScanCache scans_;
};

}  // namespace zc::engine::c
