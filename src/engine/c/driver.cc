#include "engine/c/driver.h"

#include "base/limits.h"
#include "compiler/c/parse.h"
#include "wire/environment.h"

namespace zc::engine::c {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

namespace {

OrBypass<> check_environment(const RequestEnvironment& env) {
  const auto set = env.those_of(wire::kBypassVariables);
  return set.empty()
             ? OrBypass<>()
             : bypass(Reason::kUnsupportedEnvironmentVariable, std::string(set.front().name));
}

}  // namespace

// gcc itself rewrites files; GNU as and objcopy, which make its objects, put new ones in their
// place. clang gives what it compiles a temporary name first, but neither debug information that is
// split off nor what it assembles. Any other option may change that.
wire::OldFile old_file_of(compiler::c::OutputRole role, const compiler::c::Invocation& invocation) {
  using enum compiler::c::OutputRole;
  using enum wire::OldFile;
  using compiler::c::Language;
  const bool is_gcc = invocation.family == compiler::c::Family::kGcc;
  const bool is_assembled = invocation.language == Language::kAssembler ||
                            invocation.language == Language::kAssemblerWithCpp;
  switch (role) {
    case kGcno:
    case kStackUsage:
    case kDepfile:
      return kRewritten;
    case kDwo:
    case kObject:
      break;
  }
  if (invocation.is_word_for_word || (is_assembled && !is_gcc)) {
    return kEither;
  }
  const bool rewrites = is_gcc ? invocation.emits_assembly : role == kDwo;
  return rewrites ? kRewritten : kReplaced;
}

// The family decides how arguments are read, so the driver itself is identified first; with -B
// among the arguments, the parts it names come second.
OrBypass<DriverCommand> Drivers::read(const wire::CompileRequest& request, bool is_cxx_driver,
                                      const CacheableCompile& compile) {
  TRY(check_environment(compile.env));
  DriverCommand out;
  TRY_ASSIGN(out.toolchain, identify({}, compile));
  TRY_ASSIGN(out.invocation, read_as(family_of(*out.toolchain), request, is_cxx_driver, compile));
  const std::vector<std::string>& locating = out.invocation.program_search_args;
  if (!locating.empty()) {
    TRY_ASSIGN(out.toolchain, identify(locating, compile));
  }
  return out;
}

std::shared_ptr<const Toolchain> Drivers::driver_at(const std::string& path,
                                                    const CacheableCompile& compile) {
  return toolchains_.identify({.tool = path, .env = compile.env, .cwd = compile.cwd}, {})
      .value_or(nullptr);
}

OrBypass<compiler::c::Invocation> Drivers::read_as(compiler::c::Family family,
                                                   const wire::CompileRequest& request,
                                                   bool is_cxx_driver,
                                                   const CacheableCompile& compile) const {
  TRY(check_environment(compile.env));
  const std::vector<std::string> args(request.args.begin() + 1, request.args.end());
  const auto read_response = [&](std::string_view path) -> std::optional<std::string> {
    Result<os::StableFile> file = fs_.read(compile.directory.handle(), std::string(path).c_str(),
                                           limits::kArgumentFileBytesMax);
    return file ? std::optional(std::move(file->bytes)) : std::nullopt;
  };
  return compiler::c::parse(family, is_cxx_driver, args, read_response);
}

OrBypass<std::shared_ptr<const Toolchain>> Drivers::identify(
    const std::vector<std::string>& locating, const CacheableCompile& compile) {
  auto toolchain = toolchains_.identify(
      {.tool = compile.tool, .env = compile.env, .cwd = compile.cwd}, locating);
  if (!toolchain) {
    return bypass(Reason::kCompilerCheckFailed, toolchain.error().message);
  }
  return *std::move(toolchain);
}

}  // namespace zc::engine::c
