#include "engine/rust/key.h"

#include <functional>

#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::engine::rust {
namespace {

using compiler::rust::Role;

// What two commands may differ in. Those that are not changed are equal.
struct Parts {
  Parts() {
    toolchain.identity = codec::digest_of("toolchain");
    invocation.source = "src/lib.rs";
    invocation.out_dir = "/t/out";
    invocation.outputs = {
        {.role = Role::kRlib, .path = "/t/out/liba.rlib", .emit = "link"},
        {.role = Role::kMetadata, .path = "/t/out/liba.rmeta", .emit = "metadata"}};
    invocation.key_args = {"--test", "-O"};
    invocation.externs = {{.spelling = "b", .path = "/t/deps/libb.rlib"}};
    invocation.search_dirs = {{.kind = "dependency", .path = "/t/deps"}};
  }

  Command command = {.program = "/rust/bin/rustc",
                     .compiler = "/rust/bin/rustc",
                     .tool = compiler::Tool::kRustc,
                     .chosen = {},
                     .words = {"a", "b"},
                     .words_at = 0};
  compiler::rust::Invocation invocation;
  Toolchain toolchain;
  std::vector<std::string> env = {"LANG=C", "LD_LIBRARY_PATH=/t/deps:/lib", "USER=me"};
  std::vector<PathRoots::Root> roots = {{.name = "libraries0", .directory = "/t/deps"}};
  std::vector<std::string> remapped;
  std::string cwd = "/w";
  std::string host_cpu = "cpu";
  Digest source = codec::digest_of("source");
  std::vector<KeyFile> files = {{.path = "p.profdata", .digest = codec::digest_of("profile")}};
  bool has_terminal = false;
};

using Apply = std::function<void(Parts&)>;

wire::CompileRequest request_of(const Parts& parts) {
  wire::CompileRequest request;
  request.tool = parts.command.program;
  request.cwd = parts.cwd;
  request.env.assign(parts.env.begin(), parts.env.end());
  request.has_terminal = parts.has_terminal;
  return request;
}

void add_surroundings(const Parts& parts, ObservedCompile& compile) {
  for (const PathRoots::Root& root : parts.roots) {
    compile.roots.add(root.name, root.directory);
  }
  compile.toolchain = std::make_shared<const Toolchain>(parts.toolchain);
}

Digest compile_key(const Parts& parts) {
  const test::MemFileSystem fs;
  files::FileCache files(fs, nullptr);
  ObjectScans scans(fs, files);
  Compile compile(fs, files, scans, request_of(parts));
  add_surroundings(parts, compile);
  compile.invocation = parts.invocation;
  compile.remapped = parts.remapped;
  compile.source = parts.invocation.source;
  compile.source_digest = parts.source;
  return rust::compile_key({.command = parts.command,
                            .compile = compile,
                            .host_cpu = parts.host_cpu,
                            .files = parts.files})
      .digest;
}

Digest query_key(const Parts& parts) {
  const test::MemFileSystem fs;
  files::FileCache files(fs, nullptr);
  ObjectScans scans(fs, files);
  InformationQuery query(fs, scans, request_of(parts));
  add_surroundings(parts, query);
  return rust::query_key(parts.command, query, parts.host_cpu).digest;
}

struct Change {
  const char* what;
  Apply apply;
};

// What is in the keys of compiles and of queries.
const std::vector<Change>& changes_of_every_command() {
  static const std::vector<Change> changes = {
      {"toolchain", [](Parts& p) { p.toolchain.identity = codec::digest_of("other"); }},
      {"tool", [](Parts& p) { p.command.program = "/rust/bin/clippy-driver"; }},
      {"a wrapper", [](Parts& p) { p.command.tool = std::nullopt; }},
      {"words before", [](Parts& p) { p.command.words_at = 1; }},
      {"cwd", [](Parts& p) { p.cwd = "/v"; }},
      {"library path", [](Parts& p) { p.env[1] = "LD_LIBRARY_PATH=/t/deps"; }},
      {"library path, its order", [](Parts& p) { p.env[1] = "LD_LIBRARY_PATH=/lib:/t/deps"; }},
      {"library path, its text", [](Parts& p) { p.env[1] = "LD_LIBRARY_PATH=/t/deps:/lib:"; }},
      {"library path, elsewhere", [](Parts& p) { p.env[1] = "LD_LIBRARY_PATH=/u/deps:/lib"; }},
      {"no library path", [](Parts& p) { p.env.erase(p.env.begin() + 1); }},
  };
  return changes;
}

const std::vector<Change>& changes_of_outputs() {
  static const std::vector<Change> changes = {
      {"name of an output", [](Parts& p) { p.invocation.outputs[0].path = "/t/out/libc.rlib"; }},
      {"role of an output", [](Parts& p) { p.invocation.outputs[0].role = Role::kStaticlib; }},
      {"an output less", [](Parts& p) { p.invocation.outputs.pop_back(); }},
      {"terminal", [](Parts& p) { p.has_terminal = true; }},
      {"remapped root",
       [](Parts& p) {
         p.roots.push_back({.name = "out", .directory = "/t/build"});
         p.remapped = {"out"};
       }},
  };
  return changes;
}

const std::vector<Change>& changes_of_inputs() {
  static const std::vector<Change> changes = {
      {"argument", [](Parts& p) { p.invocation.key_args[1] = "-g"; }},
      {"an argument less", [](Parts& p) { p.invocation.key_args.pop_back(); }},
      {"their order", [](Parts& p) { p.invocation.key_args = {"-O", "--test"}; }},
      {"one argument or two", [](Parts& p) { p.invocation.key_args = {"--test-O"}; }},
      {"name of a crate", [](Parts& p) { p.invocation.externs[0].spelling = "priv:b"; }},
      {"file of a crate", [](Parts& p) { p.invocation.externs[0].path = "/t/deps/libc.rlib"; }},
      {"directory of a crate", [](Parts& p) { p.invocation.externs[0].path = "/t/x/libb.rlib"; }},
      {"a crate by its name", [](Parts& p) { p.invocation.externs[0].path = ""; }},
      {"a crate less", [](Parts& p) { p.invocation.externs.clear(); }},
      {"kind of a directory", [](Parts& p) { p.invocation.search_dirs[0].kind = "crate"; }},
      {"directory", [](Parts& p) { p.invocation.search_dirs[0].path = "/t/deps2"; }},
      {"a directory more",
       [](Parts& p) { p.invocation.search_dirs.push_back({.kind = "all", .path = "/lib"}); }},
      {"name of a file", [](Parts& p) { p.files[0].path = "q.profdata"; }},
      {"content of a file", [](Parts& p) { p.files[0].digest = codec::digest_of("other"); }},
      {"a file less", [](Parts& p) { p.files.clear(); }},
      {"native processor", [](Parts& p) { p.invocation.native_cpu = true; }},
      {"source", [](Parts& p) { p.invocation.source = "./src/lib.rs"; }},
      {"content of the source", [](Parts& p) { p.source = codec::digest_of("edited"); }},
  };
  return changes;
}

TEST(RustCompileKey, ChangesWithEverythingThatMatters) {
  const Digest base = compile_key(Parts());
  EXPECT_EQ(compile_key(Parts()), base);
  for (const auto* changes :
       {&changes_of_every_command(), &changes_of_outputs(), &changes_of_inputs()}) {
    for (const Change& change : *changes) {
      Parts parts;
      change.apply(parts);
      EXPECT_NE(compile_key(parts), base) << change.what;
    }
  }
}

TEST(RustCompileKey, EachChangeHasAKeyOfItsOwn) {
  std::map<std::string, std::string> seen;
  for (const auto* changes :
       {&changes_of_every_command(), &changes_of_outputs(), &changes_of_inputs()}) {
    for (const Change& change : *changes) {
      Parts parts;
      change.apply(parts);
      const auto [it, is_new] = seen.emplace(compile_key(parts).hex(), change.what);
      EXPECT_TRUE(is_new) << change.what << " is " << it->second;
    }
  }
}

TEST(RustCompileKey, ChangesWithWhatTheCLibraryReadsInSilence) {
  const Digest base = compile_key(Parts());
  for (const char* name : {"GLIBC_TUNABLES", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LC_TIME",
                           "LD_AUDIT", "LD_PRELOAD", "LOCPATH", "TZ", "TZDIR"}) {
    Parts parts;
    parts.env.push_back(std::string(name) + "=x");
    EXPECT_NE(compile_key(parts), base) << name;
    EXPECT_NE(query_key(parts), query_key(Parts())) << name;
  }
  Parts parts;
  parts.env[0] = "LANG=de_DE";
  EXPECT_NE(compile_key(parts), base);
}

TEST(RustCompileKey, LeavesOutWhatTheRunIsSeenToAskFor) {
  const Digest base = compile_key(Parts());
  Parts parts;
  parts.env.insert(parts.env.end(), {"PATH=/x", "HOME=/x", "CARGO_PKG_VERSION=1", "RUSTC_LOG=x"});
  parts.env[2] = "USER=you";
  EXPECT_EQ(compile_key(parts), base);
}

TEST(RustCompileKey, LeavesOutWhereThingsLie) {
  const Digest base = compile_key(Parts());
  Parts parts;
  parts.roots[0].directory = "/u/deps";
  parts.env[1] = "LD_LIBRARY_PATH=/u/deps:/lib";
  parts.invocation.externs[0].path = "/u/deps/libb.rlib";
  parts.invocation.search_dirs[0].path = "/u/deps";
  parts.invocation.out_dir = "/u";
  parts.invocation.outputs[0].path = "/u/liba.rlib";
  parts.invocation.outputs[1].path = "liba.rmeta";
  parts.command.program = "/usr/bin/rustc";
  parts.command.compiler = "/usr/bin/rustc";
  parts.host_cpu = "other";
  EXPECT_EQ(compile_key(parts), base);
}

TEST(RustCompileKey, LeavesOutHowPathsOfCratesAreSpelled) {
  const Digest base = compile_key(Parts());
  Parts parts;
  parts.roots[0].directory = "/w/deps";
  parts.env[1] = "LD_LIBRARY_PATH=/w/deps:/lib";
  parts.invocation.externs[0].path = "./deps//libb.rlib";
  parts.invocation.search_dirs[0].path = "deps";
  EXPECT_EQ(compile_key(parts), base);
}

TEST(RustCompileKey, AWrapperIsKnownByItsPath) {
  const auto with = [](const char* program) {
    Parts parts;
    parts.command.tool = std::nullopt;
    parts.command.program = program;
    return compile_key(parts);
  };
  EXPECT_NE(with("/a/wrapper"), with("/b/wrapper"));
}

TEST(RustCompileKey, TheProcessorCountsWhereItShapesTheOutput) {
  Parts one;
  one.invocation.native_cpu = true;
  Parts other = one;
  other.host_cpu = "other";
  EXPECT_NE(compile_key(one), compile_key(other));
}

TEST(RustCompileKey, WhatIsRemappedIsKnownByItsPlace) {
  const auto in_checkout = [](const std::string& checkout, bool is_remapped) {
    Parts parts;
    parts.roots.push_back({.name = "checkout", .directory = checkout});
    parts.cwd = checkout + "/crates/a";
    parts.invocation.source = checkout + "/crates/a/src/lib.rs";
    if (is_remapped) {
      parts.remapped = {"checkout"};
    }
    return parts;
  };
  EXPECT_EQ(compile_key(in_checkout("/one", true)), compile_key(in_checkout("/two", true)));
  EXPECT_NE(compile_key(in_checkout("/one", false)), compile_key(in_checkout("/two", false)));
  Parts other_crate = in_checkout("/two", true);
  other_crate.cwd = "/two/crates/b";
  EXPECT_NE(compile_key(in_checkout("/one", true)), compile_key(other_crate));
  Parts other_source = in_checkout("/two", true);
  other_source.invocation.source = "/two/crates/a/src/main.rs";
  EXPECT_NE(compile_key(in_checkout("/one", true)), compile_key(other_source));
}

TEST(RustQueryKey, ChangesWithEverythingThatMatters) {
  std::vector<Change> changes = changes_of_every_command();
  changes.insert(changes.end(),
                 {{"chosen toolchain", [](Parts& p) { p.command.chosen = "+nightly"; }},
                  {"processor", [](Parts& p) { p.host_cpu = "other"; }},
                  {"word", [](Parts& p) { p.command.words = {"a", "c"}; }},
                  {"order of words", [](Parts& p) { p.command.words = {"b", "a"}; }},
                  {"one word or two", [](Parts& p) { p.command.words = {"ab"}; }}});
  const Digest base = query_key(Parts());
  EXPECT_EQ(query_key(Parts()), base);
  for (const Change& change : changes) {
    Parts parts;
    change.apply(parts);
    EXPECT_NE(query_key(parts), base) << change.what;
  }
}

TEST(RustQueryKey, IsNoneOfACompile) {
  EXPECT_NE(query_key(Parts()), compile_key(Parts()));
}

}  // namespace
}  // namespace zc::engine::rust
