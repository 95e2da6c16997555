// RustFamily: rustc and clippy-driver, alone or behind a wrapper, and what is asked of them.
//
//   prepare    parse the words, identify the toolchain, name the places, make the manifest key
//   learn      the inputs of a run from its dep-info, and from what it was seen to look at
//
// Thread: any.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/frontend.h"
#include "engine/observed/object_scans.h"
#include "engine/rust/toolchain.h"

namespace zc::engine {

struct Observed;
struct RustCommand;
struct RustCompile;

class RustFamily final : public Family {
 public:
  explicit RustFamily(const Dependencies& dependencies);

  bool serves(const wire::CompileRequest& request) const override;
  PreparedOrBypass prepare(const wire::CompileRequest& request) override;

 private:
  PreparedOrBypass prepare_compile(const RustCommand& command,
                                   std::unique_ptr<RustCompile> prepared);
  PreparedOrBypass prepare_query(const RustCommand& command, const wire::CompileRequest& request);
  std::optional<compiler::Bypass> identify(const RustCommand& command, const std::string& target,
                                           Observed& prepared);
  std::optional<compiler::Bypass> make_key(const RustCommand& command, RustCompile& prepared);

  const os::FileSystem& fs_;
  files::FileCache& files_;
  std::string host_cpu_;
  RustToolchains toolchains_;
  ObjectScans scans_;
};

}  // namespace zc::engine
