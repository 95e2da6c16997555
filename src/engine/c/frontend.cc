#include "engine/c/frontend.h"

#include "base/path.h"
#include "compiler/c/parse.h"
#include "compiler/detect.h"
#include "engine/c/compile.h"
#include "engine/c/key.h"
#include "wire/environment.h"

namespace zc::engine::c {

namespace {

using compiler::Bypass;
using compiler::Reason;

constexpr std::uint64_t kResponseFileBytesMax = std::uint64_t{16} << 20;

std::optional<Bypass> check_environment(const RequestEnvironment& env) {
  for (const auto& [name, value] : env.all()) {
    const wire::EnvironmentVariable* variable = wire::find_variable(name);
    if (variable != nullptr && variable->use == wire::EnvironmentUse::kBypass) {
      return Bypass{Reason::kUnsupportedEnvironmentVariable, std::string(name)};
    }
  }
  return std::nullopt;
}

// Compilers truncate and rewrite these; objects are written under a new inode.
bool keeps_mode(compiler::c::OutputRole role, bool emits_assembly) {
  switch (role) {
    case compiler::c::OutputRole::kObject:
      return emits_assembly;
    case compiler::c::OutputRole::kDwo:
      return false;
    case compiler::c::OutputRole::kGcno:
    case compiler::c::OutputRole::kStackUsage:
      return true;
  }
  return false;
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
    : fs_(dependencies.fs),
      files_(dependencies.files),
      runner_(dependencies.runner),
      host_cpu_(dependencies.host_cpu),
      toolchains_(dependencies.fs, dependencies.files, dependencies.runner),
      search_paths_(dependencies.fs, dependencies.runner),
      scans_(dependencies.fs, dependencies.files) {}

bool Frontend::serves(const wire::CompileRequest& request) const {
  const auto detection = compiler::detect(request.tool);
  return detection && detection->tool == compiler::Tool::kCc;
}

CompileOrBypass Frontend::claim(const wire::CompileRequest& request) {
  const bool is_cxx_driver = compiler::detect(request.tool)->is_cxx_driver;
  auto compile = std::make_unique<Compile>(*this, request);
  if (auto bypass = check_environment(compile->env)) {
    return *std::move(bypass);
  }
  if (auto bypass = enter_world(fs_, request, *compile)) {
    return *std::move(bypass);
  }
  if (auto bypass = parse_arguments(request, is_cxx_driver, *compile)) {
    return *std::move(bypass);
  }
  describe(*compile);
  if (auto bypass = make_key(base_name(request.tool), *compile)) {
    return *std::move(bypass);
  }
  return compile;
}

// The family decides how arguments are read, so the driver itself is identified first; with -B
// among the arguments, the parts it names come second.
std::optional<Bypass> Frontend::parse_arguments(const wire::CompileRequest& request,
                                                bool is_cxx_driver, Compile& compile) {
  const auto identify = [&](const std::vector<std::string>& locating) -> std::optional<Bypass> {
    const ToolchainRequest wanted = {.tool = compile.tool, .env = compile.env, .cwd = compile.cwd};
    auto toolchain = toolchains_.identify(wanted, locating);
    if (!toolchain) {
      return Bypass{Reason::kCompilerCheckFailed, toolchain.error().message};
    }
    compile.toolchain = *std::move(toolchain);
    return std::nullopt;
  };
  if (auto bypass = identify({})) {
    return bypass;
  }
  const std::vector<std::string> args(request.args.begin() + 1, request.args.end());
  const auto read_response = [&](std::string_view path) -> std::optional<std::string> {
    Result<os::StableFile> file =
        fs_.read(compile.directory.handle(), std::string(path).c_str(), kResponseFileBytesMax);
    return file ? std::optional(std::move(file->bytes)) : std::nullopt;
  };
  auto parsed =
      compiler::c::parse(family_of(*compile.toolchain), is_cxx_driver, args, read_response);
  if (!parsed) {
    return std::move(parsed).error();
  }
  compile.invocation = *std::move(parsed);
  const std::vector<std::string>& locating = compile.invocation.program_search_args;
  return locating.empty() ? std::nullopt : identify(locating);
}

std::optional<Bypass> Frontend::make_key(std::string_view driver, Compile& compile) {
  const auto look = [&](const std::string& path) {
    return files_.look(compile.directory.handle(), path.c_str());
  };
  const Result<files::KnownFile> source = look(compile.source);
  if (!source) {
    return unreadable(source.error());
  }
  compile.source_digest = source->digest;
  if (auto bypass = check_outputs(fs_, compile, source->stamp)) {
    return bypass;
  }
  KeyParts parts{.invocation = &compile.invocation,
                 .toolchain = compile.toolchain.get(),
                 .env = &compile.env,
                 .driver_name = driver,
                 .cwd = compile.cwd,
                 .host_cpu = host_cpu_,
                 .source = source->digest,
                 .files = {}};
  for (const std::string& path : compile.invocation.key_files) {
    const Result<files::KnownFile> file = look(path);
    if (!file) {
      return unreadable(file.error());
    }
    parts.files.push_back({.path = path, .digest = file->digest});
  }
  compile.manifest_key = manifest_key(parts);
  return std::nullopt;
}

}  // namespace zc::engine::c
