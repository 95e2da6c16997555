// What we know of rustc, compared with the rustc that PATH leads to.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "compiler/rust/dep_info.h"
#include "compiler/rust/messages.h"
#include "compiler/rust/option_table.h"
#include "compiler/rust/parse.h"
#include "os/command.h"
#include "support/temporary_directory.h"

namespace zc::compiler::rust {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;
using Paths = std::set<std::string>;

std::string variable(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): one thread
  return value == nullptr ? "" : value;
}

// The path of a program, or nothing.
std::string find_program(const std::string& name) {
  const std::string path = variable("PATH");
  for (const std::string_view directory : split(path, ':')) {
    std::error_code error;
    const std::string candidate = str_cat(directory, '/', name);
    if (fs::is_regular_file(candidate, error)) {
      return candidate;
    }
  }
  return {};
}

std::string content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

class RealRustc : public ::testing::Test {
 protected:
  void SetUp() override {
    rustc_ = find_program("rustc");
    if (rustc_.empty()) {
      GTEST_SKIP() << "no rustc is installed";
    }
    if (!run({"-vV"}, {}, "/").out.starts_with("rustc 1.")) {
      GTEST_SKIP() << "rustc does not run";
    }
  }

  os::CommandOutput run(const Words& args, const Words& env, const std::string& cwd) const {
    os::Command command{.args = {rustc_}, .env = env, .cwd = cwd, .timeout_ms = 60'000};
    command.args.insert(command.args.end(), args.begin(), args.end());
    for (const char* name : {"PATH", "HOME", "RUSTUP_HOME", "CARGO_HOME", "RUSTUP_TOOLCHAIN"}) {
      if (const std::string value = variable(name); !value.empty()) {
        command.env.push_back(str_cat(name, '=', value));
      }
    }
    os::PosixCommandRunner runner;
    auto output = runner.run(command);
    return output ? *std::move(output)
                  : os::CommandOutput{.exit_code = 127, .out = {}, .err = output.error().message};
  }

  bool is_version(std::string_view version) const {
    return run({"--version"}, {}, "/").out.starts_with(str_cat("rustc ", version, '.'));
  }

  void write(const std::string& name, const std::string& text) {
    const fs::path path = directory_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  void given_sources() {
    write("l.rs", "pub fn f() -> i32 { 1 }\n");
    write("a-b.rs", "pub fn f() -> i32 { 1 }\n");
    write("m.rs", "fn main() {}\n");
    write("empty.rs", "");
    fs::create_directories(directory_ / "o");
    fs::create_directories(directory_ / "o p");
  }

  Paths files() const {
    Paths found;
    for (const auto& entry : fs::recursive_directory_iterator(directory_.path())) {
      if (entry.is_regular_file() && entry.path().extension() != ".rs") {
        found.insert(fs::relative(entry.path(), directory_.path()).string());
      }
    }
    return found;
  }

  void remove_outputs() const {
    for (const std::string& path : files()) {
      fs::remove(directory_ / path);
    }
  }

  void check_command(Words args);
  void check_files(const Invocation& invocation) const;
  void check_dep_info(const Invocation& invocation) const;
  static void check_messages(const Invocation& invocation, const std::string& text);

  std::string rustc_;
  Words variables_;  // for each run of rustc
  test::TemporaryDirectory directory_;
};

// A linker makes its outputs executable.
bool is_linked(const Output& output) {
  return std::ranges::any_of(crate_type_rows(), [&](const CrateTypeRow& row) {
    return row.role == output.role && row.runs_linker;
  });
}

void RealRustc::check_files(const Invocation& invocation) const {
  Paths expected;
  for (const Output& output : invocation.outputs) {
    expected.insert(fs::path(output.path).lexically_normal().string());
    const auto mode = fs::status(directory_ / output.path).permissions();
    EXPECT_EQ((mode & fs::perms::owner_exec) != fs::perms::none, is_linked(output)) << output.path;
  }
  EXPECT_EQ(files(), expected);
}

void RealRustc::check_dep_info(const Invocation& invocation) const {
  if (!invocation.dep_info) {
    return;
  }
  const std::string text = content_of(directory_ / *invocation.dep_info);
  const auto info = parse_dep_info(text);
  ASSERT_TRUE(info) << text;
  EXPECT_THAT(invocation.dep_targets, ::testing::Contains(info->targets));
  EXPECT_EQ(info->files.front(), invocation.source);
  EXPECT_EQ(write_dep_info(*info), text);
}

void RealRustc::check_messages(const Invocation& invocation, const std::string& text) {
  const auto parts = split_messages(text, invocation.outputs);
  EXPECT_EQ(std::ranges::count(parts, true, &MessagePart::is_artifact),
            std::ssize(invocation.outputs))
      << text;
  for (const MessagePart& part : parts) {
    EXPECT_TRUE(part.is_artifact || !part.text.contains("\"artifact\"")) << part.text;
  }
  EXPECT_EQ(join_messages(parts, invocation.outputs), text);
}

// Compiles, and compares files, modes, dep-info and messages with what we say.
void RealRustc::check_command(Words args) {
  SCOPED_TRACE(::testing::PrintToString(args));
  remove_outputs();
  args.insert(args.end(), {"--error-format=json", "--json=artifacts"});
  const auto parsed = parse(args, [](std::string_view) { return std::nullopt; });
  ASSERT_TRUE(parsed) << parsed.error().detail;
  const Invocation& invocation = *parsed;
  const os::CommandOutput output = run(args, variables_, directory_.path());
  ASSERT_EQ(output.exit_code, 0) << output.err;
  check_files(invocation);
  check_dep_info(invocation);
  check_messages(invocation, output.err);
}

TEST_F(RealRustc, LibrariesAreNamedAsWeSay) {
  given_sources();
  const Words base = {"--crate-name", "q", "l.rs"};
  const auto with = [&](Words args) {
    args.insert(args.begin(), base.begin(), base.end());
    return args;
  };
  for (const Words& args : {
           Words{"--crate-type=lib"},
           Words{"--crate-type=lib", "--emit=dep-info,metadata,link", "--out-dir", "o"},
           Words{"--crate-type=lib", "--emit=dep-info,metadata,link", "-Cextra-filename=-1a"},
           Words{"--crate-type=lib", "--emit=dep-info,link,metadata,asm,obj,llvm-ir,llvm-bc,mir"},
           Words{"--crate-type=lib", "--emit=dep-info,obj", "-Ccodegen-units=1"},
           Words{"--crate-type=lib,staticlib,cdylib", "--emit=dep-info,link,metadata"},
           Words{"--crate-type=cdylib", "--crate-type=lib,staticlib,rlib", "--emit=dep-info,link"},
           Words{"--crate-type=staticlib", "--emit=link,dep-info", "--out-dir", "o p"},
           Words{"--crate-type=dylib", "--emit=metadata,link,dep-info"},
           Words{"--crate-type=cdylib", "--emit=metadata,dep-info"},
           Words{"--crate-type=lib", "--emit=link=o/x.y,dep-info=o/z", "--out-dir", "o p"},
           Words{"--crate-type=lib", "--emit=link=o/x", "--emit=link,dep-info"},
           Words{"--crate-type=lib", "--emit=link", "--emit=link=o/x,metadata,dep-info"},
           Words{"--crate-type=lib", "--emit=dep-info,metadata", "--out-dir", "."},
           Words{"--crate-type=lib", "--emit=dep-info,metadata", "--out-dir", "o//"},
           Words{"--crate-type=lib", "--emit=dep-info,metadata", "--out-dir", "o/../o"},
           Words{"--crate-type=lib", "--out-dir", "new/directory"},
       }) {
    check_command(with(args));
  }
}

TEST_F(RealRustc, ProgramsAreNamedAsWeSay) {
  given_sources();
  for (const Words& args : {
           Words{"--crate-name=q", "--crate-type=bin", "m.rs", "--emit=link,dep-info,metadata"},
           Words{"--crate-name=q", "--crate-type=bin", "m.rs", "-Cextra-filename=-1", "--out-dir",
                 "o", "--emit=link,dep-info"},
           Words{"--crate-name=q", "--test", "m.rs", "--emit=link,dep-info,metadata"},
           Words{"--crate-name=q", "--test", "l.rs", "--crate-type=lib", "--emit=link,dep-info"},
           Words{"--crate-name=q", "--crate-type=bin", "m.rs", "--emit=link=o/x,dep-info"},
           Words{"--crate-name=q", "--crate-type=proc-macro", "empty.rs",
                 "--emit=link,dep-info,metadata"},
           Words{"m.rs", "-o", "o/x.y"},
           Words{"m.rs", "-O", "-o", "./x"},
       }) {
    check_command(args);
  }
}

// Without any library, not even that of the target, which need not be installed.
TEST_F(RealRustc, OtherTargetsNameFilesAsWeSay) {
  if (!is_version("1.95")) {
    GTEST_SKIP() << "the source needs what is unstable in rustc 1.95";
  }
  write("n.rs",
        "#![feature(no_core, lang_items)]\n#![no_core]\n#![no_main]\n"
        "#[lang = \"pointee_sized\"] trait P {}\n#[lang = \"meta_sized\"] trait M: P {}\n"
        "#[lang = \"sized\"] trait S: M {}\n");
  fs::create_directories(directory_ / "o");
  variables_ = {"RUSTC_BOOTSTRAP=1"};
  for (const char* target : {"wasm32-unknown-unknown", "wasm32v1-none", "thumbv7em-none-eabihf",
                             "x86_64-unknown-none"}) {
    const bool is_wasm = std::string_view(target).starts_with("wasm");
    const Words base = {"--crate-name=q", "--target", target, "n.rs"};
    const auto check = [&](Words args) {
      args.insert(args.begin(), base.begin(), base.end());
      check_command(args);
    };
    check({"--crate-type=lib,staticlib", "--emit=dep-info,metadata,link", "--out-dir", "o"});
    check({"--crate-type=bin", "--emit=dep-info,link", "--out-dir=o", "-Cextra-filename=-1"});
    check({"--crate-type=bin", "--emit=dep-info,link=o/x.y"});
    check({"--crate-type=bin", "--emit=dep-info,link", "-o", "o/x"});
    check({"--crate-type=bin", "-o", "o/x"});
    if (is_wasm) {
      check({"--crate-type=cdylib,lib", "--emit=dep-info,link", "-Cextra-filename=-1"});
      check({"--crate-type=cdylib", "--emit=dep-info,link,metadata", "--out-dir", "o"});
    }
  }
}

TEST_F(RealRustc, OutputOptionNamesFilesAsWeSay) {
  given_sources();
  for (const Words& args : {
           Words{"m.rs", "-o", "o/x", "--emit=link,dep-info=o/d"},
           Words{"m.rs", "-o", "o/x", "--emit=link=o/y,dep-info"},
           Words{"m.rs", "-o", "o/x", "--emit=metadata"},
           Words{"m.rs", "-o", "o/x.s", "--emit=asm", "--out-dir", "o p"},
           Words{"l.rs", "-o", "o/x.q", "--crate-type=lib", "-Cextra-filename=-1"},
           Words{"--crate-name=q", "m.rs", "-o", "o/x.y", "--emit=link,dep-info",
                 "--crate-type=bin"},
           Words{"--crate-name=q", "m.rs", "-o", "x", "--emit=link,dep-info,asm,metadata",
                 "--crate-type=bin"},
           Words{"--crate-name=q", "l.rs", "-o", "o/x.y", "--emit=link,dep-info,metadata",
                 "--crate-type=lib", "-Cextra-filename=-1"},
           Words{"--crate-name=q", "l.rs", "-o", "./x.y", "--emit=link,dep-info",
                 "--crate-type=cdylib"},
           Words{"--crate-name=q", "l.rs", "-o", "o/x", "--emit=link,dep-info=o/d,metadata",
                 "--crate-type=lib"},
       }) {
    check_command(args);
  }
}

TEST_F(RealRustc, DepInfoOfOddNamesAndVariables) {
  write("a b/inc.rs", "");
  write("t x.rs", "x");
  write("s r.rs",
        "#[path=\"a b/inc.rs\"] mod inc;\n"
        "pub const T: &str = include_str!(\"t x.rs\");\n"
        "pub const E: &str = env!(\"FOO\");\n"
        "pub const O: Option<&str> = option_env!(\"BAR\");\n");
  const Words args = {"--crate-name=q",           "--crate-type=lib", "s r.rs",
                      "--emit=dep-info,metadata", "--out-dir",        "a b"};
  const std::string value = "a\nb\r\\ c=\t\xC3\xA9";
  ASSERT_EQ(run(args, {"FOO=" + value}, directory_.path()).exit_code, 0);
  const std::string text = content_of(directory_ / "a b/q.d");
  const auto info = parse_dep_info(text);
  ASSERT_TRUE(info) << text;
  EXPECT_THAT(info->targets, ::testing::ElementsAre("a b/q.d", "a b/libq.rmeta"));
  EXPECT_THAT(info->files, ::testing::ElementsAre("s r.rs", "a b/inc.rs", "t x.rs"));
  ASSERT_EQ(info->env.size(), 2U);
  EXPECT_EQ(info->env[0].name, "BAR");
  EXPECT_EQ(info->env[0].value, std::nullopt);
  EXPECT_EQ(info->env[1].name, "FOO");
  EXPECT_EQ(info->env[1].value, value);
}

TEST_F(RealRustc, ClippySaysWhatItReads) {
  rustc_ = find_program("clippy-driver");
  if (rustc_.empty() || run({"-V"}, {}, "/").exit_code != 0) {
    GTEST_SKIP() << "no clippy-driver is installed";
  }
  given_sources();
  write("clippy.toml", "msrv = \"1.60\"\n");
  const Words args = {"--crate-name=q", "--crate-type=lib", "l.rs", "--emit=dep-info,metadata"};
  ASSERT_EQ(run(args, {"CLIPPY_ARGS=-Wclippy::all__CLIPPY_HACKERY__"}, directory_.path()).exit_code,
            0);
  const auto info = parse_dep_info(content_of(directory_ / "q.d"));
  ASSERT_TRUE(info);
  EXPECT_TRUE(std::ranges::any_of(
      info->files, [](const std::string& path) { return path.ends_with("/clippy.toml"); }));
  for (const char* name : {"CLIPPY_ARGS", "CLIPPY_CONF_DIR"}) {
    EXPECT_EQ(std::ranges::count(info->env, name, &EnvDep::name), 1) << name;
  }
}

TEST_F(RealRustc, ReadsArgumentFilesAsWeDo) {
  given_sources();
  for (const char* text : {"--crate-type\nlib", "--crate-type\r\nlib\r\n", "--crate-type\n\nlib\n",
                           "--crate-type\nlib\n\n", " --crate-type\nlib", "--crate-type\nlib\r",
                           "--crate-type=lib\n@more", "--cfg\nx\xFF\n", "--cfg\nx\ry\n"}) {
    write("args", text);
    const auto words = split_argument_file(text);
    const int with_file = run({"--crate-name=q", "l.rs", "@args"}, {}, directory_.path()).exit_code;
    Words all = {"--crate-name=q", "l.rs"};
    if (words) {
      all.insert(all.end(), words->begin(), words->end());
    }
    const int with_words = words ? run(all, {}, directory_.path()).exit_code : 1;
    EXPECT_EQ(with_file == 0, with_words == 0 && words) << text;
  }
}

TEST_F(RealRustc, TableHasWhatHelpLists) {
  if (!is_version("1.95")) {
    GTEST_SKIP() << "the table is that of rustc 1.95";
  }
  const std::string help = run({"--help", "-v"}, {}, "/").out;
  for (const OptionRow& row : option_rows()) {
    const bool is_hidden = row.name == "--env-set" || row.name == "-Z";
    EXPECT_TRUE(is_hidden || help.contains(row.name)) << row.name;
  }
  const std::string codegen = run({"-C", "help"}, {}, "/").out;
  std::size_t listed = 0;
  for (const std::string_view line : split(codegen, '\n')) {
    const std::string_view option = trim(line);
    if (!option.starts_with("-C ") || option.find("=val") == std::string_view::npos) {
      continue;
    }
    const std::string_view name = trim(option.substr(3, option.find("=val") - 3));
    EXPECT_TRUE(name == "help" || find_codegen(name) != nullptr) << name;
    listed += name == "help" ? 0 : 1;
  }
  EXPECT_EQ(listed, codegen_rows().size());
  const std::string known_targets = run({"--print", "target-list"}, {}, "/").out;
  for (const TargetRow& row : target_rows()) {
    EXPECT_TRUE(known_targets.contains(str_cat(row.name, '\n'))) << row.name;
  }
}

// What a specification leaves out is as on Linux, but that nothing can be loaded. Some targets of
// musl could load libraries, which we leave out.
TEST_F(RealRustc, KindsOfTargetsAreThoseOfTheirSpecifications) {
  if (!is_version("1.95")) {
    GTEST_SKIP() << "the table is that of rustc 1.95";
  }
  for (const TargetRow& row : target_rows()) {
    const std::string text =
        run({"-Zunstable-options", "--print=target-spec-json", "--target", std::string(row.name)},
            {"RUSTC_BOOTSTRAP=1"}, "/")
            .out;
    const bool is_wasm = row.kind == TargetKind::kWasm;
    const bool can_load = text.contains(R"("dynamic-linking": true)") &&
                          (is_wasm || !text.contains(R"("crt-static-default": true)"));
    EXPECT_TRUE(can_load || row.kind == TargetKind::kStatic) << row.name;
    for (const char* wasm : {R"("exe-suffix": ".wasm")", R"("dll-suffix": ".wasm")",
                             R"("dll-prefix": "")", R"("only-cdylib": true)"}) {
      EXPECT_EQ(text.contains(wasm), is_wasm) << row.name << ' ' << wasm;
    }
    for (const char* name : {"exe-suffix", "dll-suffix", "dll-prefix", "only-cdylib"}) {
      EXPECT_EQ(text.contains(name), is_wasm) << row.name << ' ' << name;
    }
    EXPECT_FALSE(text.contains("staticlib-")) << row.name;
  }
}

}  // namespace
}  // namespace zc::compiler::rust
