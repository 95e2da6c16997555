#include "engine/rust/frontend.h"

#include <algorithm>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/rust/parse.h"
#include "engine/rust/command.h"
#include "engine/rust/compile.h"
#include "engine/rust/crate_files.h"
#include "engine/rust/key.h"
#include "engine/rust/path_remaps.h"
#include "engine/rust/query.h"

namespace zc::engine::rust {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// The directories that a command takes its crates and libraries from, and those of its outputs, by
// the order in which it names them; rustc looks for libraries there, too. Not those that hold the
// cwd, from where all may be found.
void name_roots(Compile& compile) {
  std::size_t next = 0;
  const auto add = [&](std::string_view name, std::string_view spelled) {
    const std::string directory = without_dots(join_path(compile.cwd, spelled));
    if (!is_at_or_below(compile.cwd, directory)) {
      compile.roots.add(str_cat(name, next++), directory, is_library);
    }
  };
  for (const compiler::rust::SearchDirectory& dir : compile.invocation.search_dirs) {
    add("libraries", dir.path);
  }
  for (const compiler::rust::Extern& crate : compile.invocation.externs) {
    if (!crate.path.empty()) {
      add("libraries", dir_name(crate.path));
    }
  }
  for (const compiler::rust::Output& output : compile.invocation.outputs) {
    add("outputs", dir_name(output.path));
  }
}

// A build script that tries whether something compiles removes the directory where it tried.
bool is_try_of_build_script(const Compile& compile) {
  const std::string_view out_dir = compile.env.get("OUT_DIR");
  return out_dir.starts_with('/') &&
         std::ranges::any_of(compile.output_paths, [&](const std::string& output) {
           return is_at_or_below(output, without_dots(out_dir));
         });
}

// What comes out of the code generator is copied into the file that is there, which gets the mode
// of a new one.
wire::OldFile old_file_of(compiler::rust::Role role) {
  using enum compiler::rust::Role;
  switch (role) {
    case kMir:
      return wire::OldFile::kRewritten;
    case kAsm:
    case kObject:
    case kLlvmIr:
    case kLlvmBc:
      return wire::OldFile::kEither;
    default:
      return wire::OldFile::kReplaced;
  }
}

// rustc refuses to replace a file that no user may write.
OrBypass<> check_old_outputs(const os::FileSystem& fs, const Compile& compile) {
  constexpr std::uint32_t kWritable = 0222;
  for (const compiler::rust::Output& output : compile.invocation.outputs) {
    os::FileStamp old;
    if (fs.stat_link(compile.directory.handle(), output.path.c_str(), old) == 0 &&
        (old.mode & kWritable) == 0) {
      return bypass(Reason::kBadOutputFile, output.path);
    }
  }
  return {};
}

// What the generic steps need to know of the invocation.
void describe(Compile& compile) {
  const compiler::rust::Invocation& invocation = compile.invocation;
  compile.source = invocation.source;
  compile.depfile = invocation.dep_info;
  for (const compiler::rust::Output& output : invocation.outputs) {
    compile.output_paths.insert(without_dots(join_path(compile.cwd, output.path)));
    if (output.role != compiler::rust::Role::kDepInfo) {
      compile.products.push_back({.role = static_cast<std::uint8_t>(output.role),
                                  .path = output.path,
                                  .old_file = old_file_of(output.role),
                                  .may_be_empty = true});
    }
  }
  compile.client_waits |= is_try_of_build_script(compile) || invocation.splits_debug_info;
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies),
      toolchains_(dependencies.fs, dependencies.files, dependencies.runner),
      scans_(dependencies.fs, dependencies.files) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  const std::optional<Command> command = read_command(request, ours_.fs);
  return command ? std::optional(understand(*command, request)) : std::nullopt;
}

CompileOrBypass Frontend::understand(const Command& command, const wire::CompileRequest& request) {
  // Its words need not be understood: it is cached only as a query, which writes nothing.
  if (command.tool == compiler::Tool::kRustfmt) {
    return claim_query(command, request);
  }
  auto compile = std::make_unique<Compile>(ours_.fs, ours_.files, scans_, request);
  TRY(enter_world(ours_, request, *compile));
  const auto read_file = [&](std::string_view path) -> std::optional<std::string> {
    Result<os::StableFile> file = ours_.fs.read(
        compile->directory.handle(), std::string(path).c_str(), limits::kArgumentFileBytesMax);
    return file ? std::optional(std::move(file->bytes)) : std::nullopt;
  };
  auto parsed = compiler::rust::parse(command.words, read_file);
  if (!parsed) {
    return parsed.error().reason == Reason::kCalledForInformation
               ? claim_query(command, request)
               : std::unexpected(std::move(parsed).error());
  }
  compile->invocation = *std::move(parsed);
  return claim_compile(command, std::move(compile));
}

CompileOrBypass Frontend::claim_compile(const Command& command, std::unique_ptr<Compile> compile) {
  remap_paths(ours_.fs, *compile);
  name_roots(*compile);
  compile->inject_at = command.words_at;
  describe(*compile);
  TRY(identify(command, compile->invocation.target, *compile));
  TRY(take_source(ours_, *compile));
  TRY(check_old_outputs(ours_.fs, *compile));
  TRY(make_key(command, *compile));
  return compile;
}

// Standard input cannot be compared, so there must be none.
CompileOrBypass Frontend::claim_query(const Command& command, const wire::CompileRequest& request) {
  if (!request.has_no_stdin) {
    return bypass(Reason::kCalledForInformation);
  }
  auto compile = std::make_unique<InformationQuery>(ours_.fs, scans_, request);
  TRY(enter_world(ours_, request, *compile));
  TRY(identify(command, {}, *compile));
  compile->set_key(query_key(command, *compile, ours_.host_cpu));
  return compile;
}

// A wrapper is no part of the toolchain: what it does is observed.
OrBypass<> Frontend::identify(const Command& command, const std::string& target,
                              ObservedCompile& compile) {
  const std::string& program = command.tool ? command.program : command.compiler;
  auto toolchain = toolchains_.identify(
      {.tool = program, .env = compile.env, .cwd = compile.cwd},
      {.path = program, .compiler = command.compiler, .chosen = command.chosen, .target = target});
  if (!toolchain) {
    return bypass(Reason::kCompilerCheckFailed, toolchain.error().message);
  }
  compile.toolchain = *std::move(toolchain);
  return {};
}

OrBypass<> Frontend::make_key(const Command& command, Compile& compile) {
  TRY_ASSIGN(std::vector<KeyFile> files,
             hash_key_files(ours_, compile, compile.invocation.key_files));
  compile.set_key(compile_key({.command = command,
                               .compile = compile,
                               .host_cpu = ours_.host_cpu,
                               .files = std::move(files)}));
  return {};
}

}  // namespace zc::engine::rust
