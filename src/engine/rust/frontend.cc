#include "engine/rust/frontend.h"

#include <algorithm>
#include <array>

#include "base/path.h"
#include "base/str.h"
#include "compiler/rust/parse.h"
#include "engine/rust/command.h"
#include "engine/rust/compile.h"
#include "engine/rust/key.h"
#include "engine/rust/path_remaps.h"
#include "engine/rust/query.h"

namespace zc::engine::rust {

namespace {

using compiler::Bypass;
using compiler::Reason;

constexpr std::uint64_t kArgumentFileBytesMax = std::uint64_t{16} << 20;

// The directories that a command takes its crates and libraries from, and those of its outputs, by
// the order in which it names them; rustc looks for libraries there, too. Not those that hold the
// cwd, from where all may be found.
void name_roots(Compile& compile) {
  std::size_t next = 0;
  const auto add = [&](std::string_view name, std::string_view spelled) {
    const std::string directory = without_dots(join_path(compile.cwd, spelled));
    if (!is_at_or_below(compile.cwd, directory)) {
      compile.roots.add(str_cat(name, next++), directory, PathRoots::Holds::kLibraries);
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
         std::ranges::any_of(compile.outputs, [&](const std::string& output) {
           return is_at_or_below(output, without_dots(out_dir));
         });
}

// rustc writes these into the file that is there; all others take its root.
bool is_written_in_place(compiler::rust::Role role) {
  using compiler::rust::Role;
  constexpr std::array kRoles = {Role::kDepInfo, Role::kAsm,    Role::kObject,
                                 Role::kLlvmIr,  Role::kLlvmBc, Role::kMir};
  return std::ranges::find(kRoles, role) != kRoles.end();
}

// rustc refuses to write where nobody may, and what it writes in root shows under a second name.
std::optional<Bypass> check_old_outputs(const os::FileSystem& fs, const Compile& compile) {
  constexpr std::uint32_t kWritable = 0222;
  for (const compiler::rust::Output& output : compile.invocation.outputs) {
    os::FileStamp old;
    if (fs.stat_link(compile.directory.handle(), output.path.c_str(), old) == 0 &&
        ((old.mode & kWritable) == 0 || (old.names > 1 && is_written_in_place(output.role)))) {
      return Bypass{Reason::kBadOutputFile, output.path};
    }
  }
  return std::nullopt;
}

// What the generic steps need to know of the invocation.
void describe(Compile& compile) {
  const compiler::rust::Invocation& invocation = compile.invocation;
  compile.source = invocation.source;
  compile.depfile = invocation.dep_info;
  for (const compiler::rust::Output& output : invocation.outputs) {
    compile.outputs.insert(without_dots(join_path(compile.cwd, output.path)));
    if (output.role != compiler::rust::Role::kDepInfo) {
      compile.products.push_back({.role = static_cast<std::uint8_t>(output.role),
                                  .path = output.path,
                                  // All others are moved or copied into root.
                                  .keeps_mode = output.role == compiler::rust::Role::kMir,
                                  .may_be_empty = true});
    }
  }
  // A macro's own colours are its own affair, so the messages are never coloured for to be
  // stripped.
  if (compile.shows_colour && !invocation.colour_is_explicit) {
    compile.forces_colour = true;
    compile.injected.emplace_back("--color=always");
  }
  compile.client_waits = is_try_of_build_script(compile) || invocation.splits_debug_info;
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : fs_(dependencies.fs),
      files_(dependencies.files),
      host_cpu_(dependencies.host_cpu),
      toolchains_(dependencies.fs, dependencies.files, dependencies.runner),
      scans_(dependencies.fs, dependencies.files) {}

bool Frontend::serves(const wire::CompileRequest& request) const {
  return read_command(request, fs_).has_value();
}

CompileOrBypass Frontend::claim(const wire::CompileRequest& request) {
  const auto command = read_command(request, fs_);
  auto compile = std::make_unique<Compile>(fs_, files_, scans_, request);
  if (auto bypass = enter_world(fs_, request, *compile)) {
    return *std::move(bypass);
  }
  if (command->tool == compiler::Tool::kRustfmt) {
    return claim_query(*command, request);
  }
  const auto read_file = [&](std::string_view path) -> std::optional<std::string> {
    Result<os::StableFile> file =
        fs_.read(compile->directory.handle(), std::string(path).c_str(), kArgumentFileBytesMax);
    return file ? std::optional(std::move(file->bytes)) : std::nullopt;
  };
  auto parsed = compiler::rust::parse(command->words, read_file);
  if (!parsed) {
    return parsed.error().reason == Reason::kCalledForInformation
               ? claim_query(*command, request)
               : CompileOrBypass(std::move(parsed).error());
  }
  compile->invocation = *std::move(parsed);
  return claim_compile(*command, std::move(compile));
}

CompileOrBypass Frontend::claim_compile(const Command& command, std::unique_ptr<Compile> compile) {
  remap_paths(fs_, *compile);
  name_roots(*compile);
  compile->inject_at = command.words_at;
  describe(*compile);
  if (auto bypass = identify(command, compile->invocation.target, *compile)) {
    return *std::move(bypass);
  }
  if (auto bypass = make_key(command, *compile)) {
    return *std::move(bypass);
  }
  return compile;
}

// Standard input cannot be compared, so there must be none.
CompileOrBypass Frontend::claim_query(const Command& command, const wire::CompileRequest& request) {
  if (!request.has_no_stdin) {
    return Bypass{Reason::kCalledForInformation, {}};
  }
  auto compile = std::make_unique<InformationQuery>(fs_, scans_, request);
  if (auto bypass = enter_world(fs_, request, *compile)) {
    return *std::move(bypass);
  }
  if (auto bypass = identify(command, {}, *compile)) {
    return *std::move(bypass);
  }
  compile->manifest_key = query_key(command, *compile, host_cpu_);
  return compile;
}

std::optional<Bypass> Frontend::identify(const Command& command, const std::string& target,
                                         ObservedCompile& compile) {
  const std::string& program = command.tool ? command.program : command.compiler;
  auto toolchain = toolchains_.identify(
      {.tool = program, .env = compile.env, .cwd = compile.cwd},
      {.path = program, .compiler = command.compiler, .chosen = command.chosen, .target = target});
  if (!toolchain) {
    return Bypass{Reason::kCompilerCheckFailed, toolchain.error().message};
  }
  compile.toolchain = *std::move(toolchain);
  return std::nullopt;
}

std::optional<Bypass> Frontend::make_key(const Command& command, Compile& compile) {
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
  if (auto bypass = check_old_outputs(fs_, compile)) {
    return bypass;
  }
  KeyParts parts = {.command = command, .compile = compile, .host_cpu = host_cpu_, .files = {}};
  for (const std::string& path : compile.invocation.key_files) {
    const Result<files::KnownFile> file = look(path);
    if (!file) {
      return unreadable(file.error());
    }
    parts.files.push_back({.path = path, .digest = file->digest});
  }
  compile.manifest_key = compile_key(parts);
  return std::nullopt;
}

}  // namespace zc::engine::rust
