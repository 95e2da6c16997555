#include "engine/wrapper/frontend.h"

#include <algorithm>

#include "base/path.h"
#include "compiler/detect.h"
#include "engine/observed/variables.h"
#include "engine/wrapper/compile.h"
#include "os/machine.h"

namespace zc::engine::wrapper {

namespace {

using compiler::bypass;
using compiler::Reason;

// A program that is no driver by its name is observed only in a command that compiles. In `distcc
// gcc -c a.c` the compiler is another word.
bool may_be_compile(const wire::CompileRequest& request) {
  const auto is_compile = [](std::string_view word) { return word == "-c" || word == "-S"; };
  return request.args.size() > 1 && !compiler::detect(request.args[1]) &&
         std::ranges::any_of(request.args, is_compile);
}

// Of the file behind the name, as it is now.
codec::Digest identity_of(const os::FileSystem& fs, const std::string& tool) {
  os::FileStamp stamp;
  const bool is_there = fs.stat(os::FileSystem::kNoDirectory, tool.c_str(), stamp) == 0;
  codec::KeyHasher key("zccache-own-compiler-1");
  key.field("tool", tool);
  key.field("is-there", std::uint64_t{is_there});
  key.field("dev", stamp.dev);
  key.field("ino", stamp.ino);
  key.field("size", stamp.size_bytes);
  key.field("mtime", static_cast<std::uint64_t>(stamp.mtime_ns));
  key.field("ctime", static_cast<std::uint64_t>(stamp.ctime_ns));
  return key.finish();
}

codec::Key key_of(const Compile& compile, const wire::CompileRequest& request,
                  std::string_view host_cpu) {
  codec::KeyHasher key("zccache-wrapper-1");
  key.field("tool", compile.tool);
  for (const std::string_view word : request.args) {
    key.field("arg", word);
  }
  for (const Product& product : compile.products) {
    key.field("role", std::uint64_t{product.role});
    key.field("output", product.path);
  }
  key.field("cwd", compile.cwd);
  key.field("cpu", host_cpu);
  key.field("machine", os::host_name());  // which bash has in a variable
  key.field("terminal", std::uint64_t{compile.has_terminal});
  add_silent_variables(key, compile.env);
  key.field("source-content", compile.source_digest.view());
  return key.finish_key();
}

// The depfile is an output as the object is: the wrapper may have written to it, too. And it may
// have added options.
void describe(compiler::c::Invocation invocation, Compile& compile) {
  invocation.is_word_for_word = true;
  compile.source = invocation.source;
  for (const compiler::c::OutputFile& output : invocation.outputs) {
    compile.products.push_back({.role = static_cast<std::uint8_t>(output.role),
                                .path = output.path,
                                .old_file = c::old_file_of(output.role, invocation)});
  }
  if (invocation.dep.style != compiler::c::DepStyle::kNone) {
    compile.products.push_back(
        {.role = static_cast<std::uint8_t>(compiler::c::OutputRole::kDepfile),
         .path = invocation.dep.path,
         .old_file = wire::OldFile::kRewritten});
  }
  for (const Product& product : compile.products) {
    compile.output_paths.insert(without_dots(join_path(compile.cwd, product.path)));
  }
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies),
      drivers_(dependencies),
      scans_(dependencies.fs, dependencies.files),
      times_(dependencies.fs) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  const auto detection = compiler::detect_wrapper(request.tool);
  const bool is_known = compiler::detect(request.tool).has_value();
  if (!detection || (!is_known && !may_be_compile(request))) {
    return std::nullopt;
  }
  const codec::Digest identity = identity_of(ours_.fs, std::string(request.tool));
  if (!is_known && compilers_.has(identity)) {
    return std::nullopt;
  }
  auto compile = std::make_unique<Compile>(ours_, drivers_, scans_, times_, compilers_, request);
  compile->identity = identity;
  if (const auto here = enter_world(ours_, request, *compile); !here) {
    return std::unexpected(here.error());
  }
  return understand(request, detection->is_cxx_driver, std::move(compile));
}

// Whether the driver is gcc or clang shows in the run. The two read most words alike; if the words
// were taken for those of the other, the run writes what was not expected, and nothing is stored.
CompileOrBypass Frontend::understand(const wire::CompileRequest& request, bool is_cxx_driver,
                                     std::unique_ptr<Compile> compile) {
  using compiler::c::Family;
  auto invocation = drivers_.read_as(Family::kGcc, request, is_cxx_driver, *compile);
  if (!invocation && invocation.error().reason == Reason::kUnsupportedCompilerOption) {
    invocation = drivers_.read_as(Family::kClang, request, is_cxx_driver, *compile);
  }
  if (!invocation) {
    return std::unexpected(invocation.error());
  }
  if (invocation->language == compiler::c::Language::kAssembler) {
    return bypass(Reason::kUnsupportedSourceLanguage, invocation->source);
  }
  describe(*std::move(invocation), *compile);
  TRY(take_source(ours_, *compile));
  compile->set_key(key_of(*compile, request, ours_.host_cpu));
  return compile;
}

}  // namespace zc::engine::wrapper
