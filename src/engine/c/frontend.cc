#include "engine/c/frontend.h"

#include "base/limits.h"
#include "base/path.h"
#include "compiler/c/parse.h"
#include "compiler/detect.h"
#include "engine/c/compile.h"
#include "engine/c/key.h"
#include "wire/environment.h"

namespace zc::engine::c {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

OrBypass<> check_environment(const RequestEnvironment& env) {
  for (const auto& [name, value] : env.all()) {
    const wire::EnvironmentVariable* variable = wire::find_variable(name);
    if (variable != nullptr && variable->use == wire::EnvironmentUse::kBypass) {
      return bypass(Reason::kUnsupportedEnvironmentVariable, std::string(name));
    }
  }
  return {};
}

// Compilers truncate and rewrite these; objects are written under a new inode.
bool keeps_mode(compiler::c::OutputRole role, bool emits_assembly) {
  using enum compiler::c::OutputRole;
  return role == kGcno || role == kStackUsage || (role == kObject && emits_assembly);
}

// What the generic steps need to know of the invocation.
void describe(Compile& compile) {
  const compiler::c::Invocation& invocation = compile.invocation;
  compile.source = invocation.source;
  for (const compiler::c::OutputFile& output : invocation.outputs) {
    compile.products.push_back({.role = static_cast<std::uint8_t>(output.role),
                                .path = output.path,
                                .keeps_mode = keeps_mode(output.role, invocation.emits_assembly)});
  }
  if (invocation.dep.style != compiler::c::DepStyle::kNone) {
    compile.depfile = invocation.dep.path;
  }
  compile.forces_colour = !invocation.colour_is_explicit;
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies),
      toolchains_(dependencies.fs, dependencies.files, dependencies.runner),
      search_paths_(dependencies.fs, dependencies.runner),
      scans_(dependencies.fs, dependencies.files) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  const auto detection = compiler::detect(request.tool);
  if (!detection || detection->tool != compiler::Tool::kCc) {
    return std::nullopt;
  }
  return understand(request, detection->is_cxx_driver);
}

CompileOrBypass Frontend::understand(const wire::CompileRequest& request, bool is_cxx_driver) {
  auto compile = std::make_unique<Compile>(*this, request);
  TRY(check_environment(compile->env));
  TRY(enter_world(ours_, request, *compile));
  TRY(parse_arguments(request, is_cxx_driver, *compile));
  describe(*compile);
  TRY(take_source(ours_, *compile));
  TRY(make_key(base_name(request.tool), *compile));
  return compile;
}

// The family decides how arguments are read, so the driver itself is identified first; with -B
// among the arguments, the parts it names come second.
OrBypass<> Frontend::parse_arguments(const wire::CompileRequest& request, bool is_cxx_driver,
                                     Compile& compile) {
  TRY(identify({}, compile));
  const std::vector<std::string> args(request.args.begin() + 1, request.args.end());
  const auto read_response = [&](std::string_view path) -> std::optional<std::string> {
    Result<os::StableFile> file = ours_.fs.read(
        compile.directory.handle(), std::string(path).c_str(), limits::kArgumentFileBytesMax);
    return file ? std::optional(std::move(file->bytes)) : std::nullopt;
  };
  TRY_ASSIGN(compile.invocation,
             compiler::c::parse(family_of(*compile.toolchain), is_cxx_driver, args, read_response));
  const std::vector<std::string>& locating = compile.invocation.program_search_args;
  return locating.empty() ? OrBypass<>() : identify(locating, compile);
}

OrBypass<> Frontend::identify(const std::vector<std::string>& locating, Compile& compile) {
  auto toolchain = toolchains_.identify(
      {.tool = compile.tool, .env = compile.env, .cwd = compile.cwd}, locating);
  if (!toolchain) {
    return bypass(Reason::kCompilerCheckFailed, toolchain.error().message);
  }
  compile.toolchain = *std::move(toolchain);
  return {};
}

OrBypass<> Frontend::make_key(std::string_view driver, Compile& compile) {
  TRY_ASSIGN(std::vector<KeyFile> files,
             hash_key_files(ours_, compile, compile.invocation.key_files));
  compile.manifest_key = manifest_key({.invocation = &compile.invocation,
                                       .toolchain = compile.toolchain.get(),
                                       .env = &compile.env,
                                       .driver_name = driver,
                                       .cwd = compile.cwd,
                                       .host_cpu = ours_.host_cpu,
                                       .source = compile.source_digest,
                                       .files = std::move(files)});
  return {};
}

}  // namespace zc::engine::c
