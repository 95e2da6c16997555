#include "engine/c/frontend.h"

#include "base/path.h"
#include "compiler/c/parse.h"
#include "compiler/detect.h"
#include "engine/c/compile.h"
#include "engine/c/key.h"
#include "engine/c/path_remaps.h"
#include "engine/observed/kernel_files.h"
#include "engine/observed/scripts.h"

namespace zc::engine::c {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// What lies below /proc or /dev may be another file in the daemon than in the compiler. Nothing
// comes from /dev/null, which makefiles compile to find out about options; a depfile would have to
// name it.
OrBypass<> check_paths(const std::string& cwd, const compiler::c::Invocation& invocation) {
  const auto check = [&](const std::string& spelled) -> OrBypass<> {
    return is_of_kernel(without_dots(join_path(cwd, spelled)))
               ? bypass(Reason::kUnreadableInput, spelled)
               : OrBypass<>();
  };
  if (invocation.source != kNullDevice) {
    TRY(check(invocation.source));
  } else if (invocation.dep.style != compiler::c::DepStyle::kNone) {
    return bypass(Reason::kUnsupportedSourceLanguage, invocation.source);
  }
  for (const std::string& path : invocation.key_files) {
    TRY(check(path));
  }
  return {};
}

// What the generic steps need to know of the invocation.
void describe(Compile& compile) {
  const compiler::c::Invocation& invocation = compile.invocation;
  compile.source = invocation.source;
  for (const compiler::c::OutputFile& output : invocation.outputs) {
    compile.products.push_back({.role = static_cast<std::uint8_t>(output.role),
                                .path = output.path,
                                .old_file = old_file_of(output.role, invocation)});
  }
  if (invocation.dep.style != compiler::c::DepStyle::kNone) {
    compile.depfile = invocation.dep.path;
  }
  compile.roots.keep_relative(compile.cwd);
  compile.roots.relate_outer_paths();
  for (const Product& product : compile.products) {
    compile.output_paths.insert(without_dots(join_path(compile.cwd, product.path)));
  }
  if (compile.depfile) {
    compile.output_paths.insert(without_dots(join_path(compile.cwd, *compile.depfile)));
  }
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies),
      drivers_(dependencies),
      scans_(dependencies.fs, dependencies.files),
      times_(dependencies.fs) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  const auto detection = compiler::detect(request.tool);
  if (!detection || detection->tool != compiler::Tool::kCc) {
    return std::nullopt;
  }
  CompileOrBypass compile = understand(request, detection->is_cxx_driver);
  if (!compile && compiler::c::is_shown_by_run(compile.error().reason)) {
    return std::nullopt;  // The frontend of links has it, and of all that only a run explains.
  }
  const bool is_unknown = !compile && compile.error().reason == Reason::kCompilerCheckFailed;
  if (is_unknown && !interpreter_of(ours_.fs, std::string(request.tool)).empty()) {
    return std::nullopt;  // A script: the frontend of wrappers knows what to do with it.
  }
  return compile;
}

// What costs least comes first; files are hashed only when the whole command is understood.
CompileOrBypass Frontend::understand(const wire::CompileRequest& request, bool is_cxx_driver) {
  auto compile = std::make_unique<Compile>(ours_.fs, ours_.files, scans_, times_, request);
  TRY(enter_world(ours_, request, *compile));
  TRY_ASSIGN(DriverCommand command, drivers_.read(request, is_cxx_driver, *compile));
  if (command.invocation.is_word_for_word) {
    return bypass(Reason::kUnsupportedCompilerOption);
  }
  if (command.invocation.language == compiler::c::Language::kAssembler) {
    return bypass(Reason::kUnsupportedSourceLanguage, command.invocation.source);
  }
  TRY(check_paths(compile->cwd, command.invocation));
  compile->invocation = std::move(command.invocation);
  compile->toolchain = std::move(command.toolchain);
  describe(*compile);
  remap_paths(ours_.fs, *compile);
  TRY(compile->source == kNullDevice ? take_empty_source(ours_, *compile)
                                     : take_source(ours_, *compile));
  TRY(make_key(base_name(request.tool), *compile));
  return compile;
}

OrBypass<> Frontend::make_key(std::string_view driver, Compile& compile) {
  TRY_ASSIGN(std::vector<KeyFile> files,
             hash_key_files(ours_, compile, compile.invocation.key_files));
  compile.set_key(manifest_key({.invocation = &compile.invocation,
                                .toolchain = compile.toolchain.get(),
                                .env = &compile.env,
                                .pwd = compile.invocation.cwd_leaks ? compile.pwd() : "",
                                .remap = compile.remap ? &*compile.remap : nullptr,
                                .driver_name = driver,
                                .cwd = compile.cwd,
                                .host_cpu = ours_.host_cpu,
                                .source = compile.source_digest,
                                .files = std::move(files)}));
  return {};
}

}  // namespace zc::engine::c
