#include "engine/command/frontend.h"

#include "base/path.h"
#include "engine/command/compile.h"
#include "engine/command/key.h"

namespace zc::engine::command {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

OrBypass<> take_standard_input(const os::FileSystem& fs, const wire::CompileRequest& request,
                               Compile& compile) {
  if (request.has_empty_stdin) {
    return {};
  }
  os::FileStamp stamp;
  const std::string path(request.stdin_path);
  const bool is_the_same = is_absolute(path) &&
                           fs.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp) == 0 &&
                           stamp.dev == request.stdin_id.dev && stamp.ino == request.stdin_id.ino;
  if (!is_the_same) {
    return bypass(Reason::kStandardInput);
  }
  compile.standard_input = path;
  return {};
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies), drivers_(dependencies), scans_(dependencies.fs, dependencies.files) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  if (!request.is_declared) {
    return std::nullopt;
  }
  return understand(request);
}

CompileOrBypass Frontend::understand(const wire::CompileRequest& request) {
  Result<Options> options = parse_options(request.options);
  if (!options) {
    return bypass(Reason::kBadCommandOptions, options.error().message);
  }
  auto compile =
      std::make_unique<Compile>(ours_, drivers_, scans_, request, *std::move(options));
  compile->source = base_name(request.tool);
  TRY(enter_world(ours_, request, *compile));
  // Before anything else, so that a wrong option is an error each time.
  TRY(check_key_filters(compile->options));
  if (compile->options.is_uncached || !compile->options.is_deterministic) {
    return bypass(Reason::kNotDeterministic, compile->source);
  }
  if (request.has_open_descriptors) {
    return bypass(Reason::kOpenDescriptors, compile->source);
  }
  TRY(take_standard_input(ours_.fs, request, *compile));
  TRY_ASSIGN(compile->manifest_key, key_of("zccache-command-1", ours_, *compile, request));
  return compile;
}

}  // namespace zc::engine::command
