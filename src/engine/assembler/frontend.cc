#include "engine/assembler/frontend.h"

#include <algorithm>

#include "base/path.h"
#include "compiler/detect.h"
#include "engine/assembler/compile.h"
#include "engine/observed/variables.h"

namespace zc::engine::assembler {

namespace {

// Whether `word` may be the name of an assembler source.
bool names_source(std::string_view word) {
  return word.ends_with(".s");
}

// The driver and the assembler take some of the environment unseen; of the processor, too, unless
// it is named.
codec::Key key_of(const Compile& compile, const wire::CompileRequest& request,
                  std::string_view host_cpu) {
  codec::KeyHasher key("zccache-assembler-1");
  key.field("toolchain", compile.toolchain->identity.view());
  key.field("driver", base_name(compile.tool));
  for (const std::string_view word : request.args) {
    key.field("arg", word);
  }
  key.field("cwd", compile.cwd);
  key.field("cpu", host_cpu);
  add_silent_variables(key, compile.env);
  return key.finish_key();
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies), drivers_(dependencies), scans_(dependencies.fs, dependencies.files) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  // Most commands have no such word, and need not be read twice.
  const auto detection = compiler::detect(request.tool);
  if (!detection || detection->tool != compiler::Tool::kCc ||
      std::ranges::none_of(request.args, names_source)) {
    return std::nullopt;
  }
  auto compile = std::make_unique<Compile>(ours_.fs, scans_, request);
  if (const auto here = enter_world(ours_, request, *compile); !here) {
    return std::unexpected(here.error());
  }
  auto command = drivers_.read(request, detection->is_cxx_driver, *compile);
  if (!command || command->invocation.language != compiler::c::Language::kAssembler) {
    return std::nullopt;
  }
  return understand(*std::move(command), request, std::move(compile));
}

CompileOrBypass Frontend::understand(c::DriverCommand command, const wire::CompileRequest& request,
                                     std::unique_ptr<Compile> compile) {
  const std::string& object = command.invocation.outputs.front().path;
  compile->source = command.invocation.source;
  compile->products = {
      {.path = object,
       .old_file = c::old_file_of(compiler::c::OutputRole::kObject, command.invocation)}};
  compile->output_paths = {without_dots(join_path(compile->cwd, object))};
  compile->toolchain = std::move(command.toolchain);
  TRY(take_source(ours_, *compile));
  compile->set_key(key_of(*compile, request, ours_.host_cpu));
  return compile;
}

}  // namespace zc::engine::assembler
