#include "engine/rust/key.h"

#include "base/path.h"
#include "base/str.h"
#include "engine/observed/variables.h"

namespace zc::engine::rust {

namespace {

// Only what the observer cannot see being read. Directories of the library path that are roots
// count as such: cargo names the target directory in it, which differs from checkout to checkout.
void add_environment(codec::KeyHasher& key, const ObservedCompile& compile) {
  add_silent_variables(key, compile.env);
  for (const std::string_view directory : split(compile.env.get("LD_LIBRARY_PATH"), ':')) {
    add_path(key, "library-path", compile.roots.to_symbolic(directory));
  }
}

// A tool that is known is in the toolchain's identity; its base name says which of them runs. A
// wrapper is only known by its path, and its content is an input of the run.
void add_command(codec::KeyHasher& key, const Command& command, const ObservedCompile& compile) {
  key.field("toolchain", compile.toolchain->identity.view());
  key.field("program", command.tool ? std::string(base_name(command.program)) : command.program);
  key.field("words-at", command.words_at);
  add_environment(key, compile);
}

// Where crates are found, relative to the roots: another target directory gives the same key,
// however the command spells it.
void add_roots(codec::KeyHasher& key, const Compile& compile) {
  const auto to_symbolic = [&](const std::string& spelled) {
    return compile.roots.to_symbolic(without_dots(join_path(compile.cwd, spelled)));
  };
  for (const compiler::rust::Extern& crate : compile.invocation.externs) {
    key.field("extern", crate.spelling);
    add_path(key, "path", crate.path.empty() ? RootedPath() : to_symbolic(crate.path));
  }
  for (const compiler::rust::SearchDirectory& dir : compile.invocation.search_dirs) {
    key.field("search", dir.kind);
    add_path(key, "path", to_symbolic(dir.path));
  }
}

}  // namespace

codec::Key compile_key(const KeyParts& parts) {
  const Compile& compile = parts.compile;
  const compiler::rust::Invocation& invocation = compile.invocation;
  codec::KeyHasher key("zccache-rust-3");
  add_command(key, parts.command, compile);
  key.field("terminal", std::uint64_t{compile.has_terminal});
  for (const std::string& root : compile.remapped) {
    key.field("remapped", root);
  }
  for (const std::string& arg : invocation.key_args) {
    key.field("arg", arg);
  }
  add_roots(key, compile);
  for (const KeyFile& file : parts.files) {
    key.field("file", file.path);
    key.field("content", file.digest.view());
  }
  if (invocation.native_cpu) {
    key.field("cpu", parts.host_cpu);
  }
  // Names of outputs become names of symbols and of members of archives; their directories do not.
  for (const compiler::rust::Output& output : invocation.outputs) {
    key.field("role", static_cast<std::uint64_t>(output.role));
    key.field("output", invocation.splits_debug_info ? std::string_view(output.path)
                                                     : base_name(output.path));
  }
  // It is in the outputs, unless it is mapped to something else.
  const auto remapped = [&](const std::string& path) {
    return compile.is_remapped(path) ? compile.roots.to_symbolic(path)
                                     : RootedPath{.root = {}, .path = path};
  };
  add_path(key, "cwd", remapped(compile.cwd));
  add_path(key, "source", remapped(compile.source));
  key.field("source-content", compile.source_digest.view());
  return key.finish_key();
}

codec::Key query_key(const Command& command, const InformationQuery& query,
                     std::string_view host_cpu) {
  codec::KeyHasher key("zccache-rust-query-3");
  add_command(key, command, query);
  key.field("chosen", command.chosen);
  key.field("cpu", host_cpu);  // `--print cfg -C target-cpu=native`
  for (const std::string& word : command.words) {
    key.field("arg", word);
  }
  key.field("cwd", query.cwd);
  return key.finish_key();
}

}  // namespace zc::engine::rust
