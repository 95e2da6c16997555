// Frontend: gcc and clang, one source at a time.
//
//   claim   parse the arguments, identify the toolchain, make the manifest key
//   learn   the inputs of a run from its depfile, what was looked for in vain from a scan of them
//
// Thread: any.
#pragma once

#include <functional>
#include <memory>
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

  bool serves(const wire::CompileRequest& request) const override;
  CompileOrBypass claim(const wire::CompileRequest& request) override;

 private:
  friend struct Compile;

  // Steps of `claim`; each gives a reason to leave the compile alone, or nothing.
  std::optional<compiler::Bypass> parse_arguments(const wire::CompileRequest& request,
                                                  bool is_cxx_driver, Compile& compile);
  std::optional<compiler::Bypass> make_key(std::string_view driver, Compile& compile);

  const os::FileSystem& fs_;
  files::FileCache& files_;
  os::CommandRunner& runner_;
  std::string host_cpu_;
  Toolchains toolchains_;
  SearchPaths search_paths_;
  ScanCache scans_;
};

}  // namespace zc::engine::c
