#include "compiler/rust/parse.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "compiler/rust/option_table.h"

namespace zc::compiler::rust {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using Words = std::vector<std::string>;
using namespace std::string_literals;

OrBypass<Invocation> parse_words(const Words& args, const std::string& file = {}) {
  return parse(args, [&](std::string_view path) {
    return path == "args" ? std::optional(file) : std::nullopt;
  });
}

Invocation parsed(const Words& args, const std::string& file = {}) {
  auto result = parse_words(args, file);
  EXPECT_TRUE(result) << ::testing::PrintToString(args) << text_of(result.error().reason).id << ' '
                      << result.error().detail;
  return std::move(result).value_or(Invocation{});
}

// The library q of a.rs, with `args` added.
Words library(const Words& args) {
  Words words = {"--crate-name", "q", "--crate-type", "lib", "a.rs"};
  words.insert(words.end(), args.begin(), args.end());
  return words;
}

Invocation understood(const Words& args) {
  return parsed(library(args));
}

Words key_of(const Words& args) {
  Words key = understood(args).key_args;
  EXPECT_GE(key.size(), 2U);
  key.erase(key.begin(), key.begin() + 2);  // crate name and type
  return key;
}

Bypass bypass_of(const Words& args, const std::string& file = {}) {
  auto result = parse_words(args, file);
  EXPECT_FALSE(result) << ::testing::PrintToString(args);
  return result ? Bypass{} : std::move(result).error();
}

Reason refused(const Words& args) {
  return bypass_of(library(args)).reason;
}

TEST(RustParse, CargoCommand) {
  const Invocation got = parsed({"--crate-name",
                                 "itoa",
                                 "--edition=2021",
                                 "src/lib.rs",
                                 "--error-format=json",
                                 "--json=diagnostic-rendered-ansi,artifacts,future-incompat",
                                 "--crate-type",
                                 "lib",
                                 "--emit=dep-info,metadata,link",
                                 "-C",
                                 "embed-bitcode=no",
                                 "-C",
                                 "debuginfo=2",
                                 "--check-cfg",
                                 "cfg(docsrs,test)",
                                 "-C",
                                 "metadata=12ab",
                                 "-C",
                                 "extra-filename=-34cd",
                                 "--out-dir",
                                 "/t/debug/deps",
                                 "-L",
                                 "dependency=/t/debug/deps",
                                 "--extern",
                                 "libc=/t/debug/deps/liblibc-1.rmeta",
                                 "--cap-lints",
                                 "allow"});
  EXPECT_EQ(got.source, "src/lib.rs");
  EXPECT_EQ(got.crate_name, "itoa");
  EXPECT_EQ(got.out_dir, "/t/debug/deps");
  EXPECT_THAT(got.crate_types, ElementsAre("rlib"));
  ASSERT_EQ(got.outputs.size(), 3U);
  EXPECT_EQ(got.outputs[0].role, Role::kDepInfo);
  EXPECT_EQ(got.outputs[0].path, "/t/debug/deps/itoa-34cd.d");
  EXPECT_EQ(got.outputs[0].emit, "dep-info");
  EXPECT_EQ(got.outputs[1].role, Role::kRlib);
  EXPECT_EQ(got.outputs[1].path, "/t/debug/deps/libitoa-34cd.rlib");
  EXPECT_EQ(got.outputs[1].emit, "link");
  EXPECT_EQ(got.outputs[2].role, Role::kMetadata);
  EXPECT_EQ(got.outputs[2].path, "/t/debug/deps/libitoa-34cd.rmeta");
  EXPECT_EQ(got.dep_info, "/t/debug/deps/itoa-34cd.d");
  EXPECT_THAT(
      got.dep_targets,
      ElementsAre(ElementsAre("/t/debug/deps/itoa-34cd.d", "/t/debug/deps/libitoa-34cd.rlib",
                              "/t/debug/deps/libitoa-34cd.rmeta"),
                  ElementsAre("/t/debug/deps/libitoa-34cd.rmeta", "/t/debug/deps/libitoa-34cd.rlib",
                              "/t/debug/deps/itoa-34cd.d"),
                  ElementsAre("/t/debug/deps/itoa-34cd.rmeta", "/t/debug/deps/libitoa-34cd.rlib",
                              "/t/debug/deps/itoa-34cd.d")));
  ASSERT_EQ(got.externs.size(), 1U);
  EXPECT_EQ(got.externs[0].spelling, "libc");
  EXPECT_EQ(got.externs[0].path, "/t/debug/deps/liblibc-1.rmeta");
  ASSERT_EQ(got.search_dirs.size(), 1U);
  EXPECT_EQ(got.search_dirs[0].kind, "dependency");
  EXPECT_EQ(got.search_dirs[0].path, "/t/debug/deps");
  EXPECT_TRUE(got.json);
  EXPECT_TRUE(got.artifact_notifications);
  EXPECT_FALSE(got.links);
  EXPECT_FALSE(got.incremental);
  EXPECT_TRUE(got.caps_lints);
  EXPECT_THAT(got.key_args,
              ElementsAre("--crate-name\0itoa"s, "--edition\0"s + "2021", "--error-format\0json"s,
                          "--json\0diagnostic-rendered-ansi,artifacts,future-incompat"s,
                          "--crate-type\0lib"s, "--emit\0dep-info,metadata,link"s,
                          "--codegen\0embed-bitcode=no"s, "--codegen\0debuginfo=2"s,
                          "--check-cfg\0cfg(docsrs,test)"s, "--codegen\0metadata=12ab"s,
                          "--codegen\0extra-filename=-34cd"s, "-L\0dependency"s, "--extern\0libc="s,
                          "--cap-lints\0allow"s));
}

TEST(RustParse, SpellingsOfOneThingAreOneKey) {
  struct Case {
    std::vector<Words> spellings;
  };
  for (const auto& [spellings] : {
           Case{{{"-Copt-level=3"},
                 {"-C", "opt-level=3"},
                 {"--codegen", "opt-level=3"},
                 {"--codegen=opt_level=3"},
                 {"-C", "opt_level=3"}}},
           Case{{{"-gO"}, {"-g", "-O"}}},
           Case{{{"-Wunused"}, {"-W", "unused"}, {"--warn=unused"}, {"--warn", "unused"}}},
           Case{{{"-Aunused"}, {"--allow", "unused"}}},
           Case{{{"-Dunused"}, {"--deny", "unused"}}},
           Case{{{"-Funused"}, {"--forbid=unused"}}},
           Case{{{"-v"}, {"--verbose"}}},
           Case{{{"--cfg=x"}, {"--cfg", "x"}}},
           Case{{{"-lfoo"}, {"-l", "foo"}}},
           Case{{{"-Lx"}, {"-L", "x"}, {"-L", "all=x"}}},
           Case{{{"-vOC", "lto"}, {"-v", "-O", "-Clto"}}},
       }) {
    for (const Words& spelling : spellings) {
      EXPECT_EQ(key_of(spelling), key_of(spellings.front())) << ::testing::PrintToString(spelling);
    }
  }
}

TEST(RustParse, EveryPlainOptionEntersTheKeyWithItsValue) {
  for (const OptionRow& row : option_rows()) {
    const std::string name(row.name);
    const bool is_plain = row.option_class == OptionClass::kKey ||
                          row.option_class == OptionClass::kLint ||
                          row.option_class == OptionClass::kCapLints;
    if (is_plain && row.takes_value) {
      EXPECT_THAT(key_of({name, "one"}), ElementsAre(str_cat(name, '\0', "one")));
      EXPECT_NE(key_of({name, "one"}), key_of({name, "two"})) << name;
    } else if (is_plain) {
      EXPECT_THAT(key_of({name}), ElementsAre(name));
    } else if (row.option_class == OptionClass::kUnsupported) {
      EXPECT_EQ(refused({name, "one"}), Reason::kUnsupportedCompilerOption) << name;
    } else if (row.option_class == OptionClass::kInformation) {
      EXPECT_EQ(refused({name, "one"}), Reason::kCalledForInformation) << name;
    }
    if (!row.repeats) {
      const Words twice = row.takes_value ? Words{name, "one", name, "one"} : Words{name, name};
      EXPECT_EQ(bypass_of(library(twice)).detail.empty(), false) << name;
    }
  }
}

TEST(RustParse, EveryCodegenOptionEntersTheKey) {
  for (const CodegenRow& row : codegen_rows()) {
    const std::string name(row.name);
    const std::string word = str_cat(name, '=', "1");
    switch (row.codegen_class) {
      case CodegenClass::kUnsupported:
      case CodegenClass::kPluginLto:
      case CodegenClass::kSplitDebuginfo:
        EXPECT_EQ(refused({"-C", word}), Reason::kUnsupportedCompilerOption) << name;
        break;
      case CodegenClass::kIncremental:
        EXPECT_THAT(key_of({"-C", word}), ElementsAre("--codegen\0incremental"s));
        break;
      default:
        EXPECT_THAT(key_of({"-C", word}), ElementsAre(str_cat("--codegen", '\0', word)));
        EXPECT_THAT(key_of({"-C", name + "=2"}),
                    ElementsAre(str_cat("--codegen", '\0', name, "=2")));
    }
  }
}

TEST(RustParse, CodegenOptionsWithEffects) {
  EXPECT_TRUE(understood({"-Cincremental=/inc"}).incremental);
  EXPECT_EQ(understood({"-Cincremental=/inc"}).incremental_dir, "/inc");
  EXPECT_EQ(refused({"-Cincremental"}), Reason::kUnsupportedCompilerOption);
  EXPECT_THAT(understood({"-Cprofile-use=p"}).key_files, ElementsAre("p"));
  EXPECT_EQ(understood({"-Clinker=clang"}).linker, "clang");
  EXPECT_THAT(understood({"-Clinker=clang"}).key_files, IsEmpty());
  EXPECT_THAT(understood({"-Clinker=/bin/clang"}).key_files, ElementsAre("/bin/clang"));
  EXPECT_TRUE(understood({"-Ctarget-cpu=native"}).native_cpu);
  EXPECT_FALSE(understood({"-Ctarget-cpu=znver3"}).native_cpu);
  EXPECT_THAT(key_of({"-Clinker-plugin-lto"}), ElementsAre("--codegen\0linker-plugin-lto"s));
  EXPECT_THAT(key_of({"-Clinker-plugin-lto=yes"}),
              ElementsAre("--codegen\0linker-plugin-lto=yes"s));
  EXPECT_EQ(refused({"-Clinker-plugin-lto=a.so"}), Reason::kUnsupportedCompilerOption);
  EXPECT_THAT(key_of({"-Csplit-debuginfo=off"}), ElementsAre("--codegen\0split-debuginfo=off"s));
  EXPECT_FALSE(understood({"-Csplit-debuginfo=off"}).splits_debug_info);
  EXPECT_TRUE(understood({"-Csplit-debuginfo=packed"}).splits_debug_info);
  EXPECT_TRUE(understood({"-Csplit-debuginfo=unpacked"}).splits_debug_info);
  EXPECT_EQ(refused({"-Csplit-debuginfo=other"}), Reason::kUnsupportedCompilerOption);
  EXPECT_THAT(key_of({"-Cllvm-args=-inline-threshold=9"}),
              ElementsAre("--codegen\0llvm-args=-inline-threshold=9"s));
  for (const char* args : {"-time-passes", "-sample-profile-file=x", "-stats", "-x=/tmp/y"}) {
    EXPECT_EQ(refused({str_cat("-Cllvm-args=", args)}), Reason::kUnsupportedCompilerOption) << args;
  }
  EXPECT_EQ(refused({"-Cno-such"}), Reason::kUnsupportedCompilerOption);
  EXPECT_EQ(refused({"-C", "help"}), Reason::kCalledForInformation);
  EXPECT_EQ(refused({"-C", "target-cpu=help"}), Reason::kCalledForInformation);
}

TEST(RustParse, ReasonsOfCommandsThatDoNotCompile) {
  for (const Words& args : {Words{"-vV"}, Words{"--version"}, Words{"-h"}, Words{"--print", "cfg"},
                            Words{"--print=sysroot", "--crate-name", "___", "-"},
                            Words{"--explain", "E0308"}, Words{"-W", "help"}, Words{"-Chelp"},
                            Words{"-", "--crate-name", "___", "--print=file-names"}}) {
    EXPECT_EQ(bypass_of(args).reason, Reason::kCalledForInformation)
        << ::testing::PrintToString(args);
  }
  EXPECT_EQ(bypass_of({}).reason, Reason::kNoInputFile);
  EXPECT_EQ(bypass_of({"-"}).reason, Reason::kNoInputFile);
  EXPECT_EQ(bypass_of({""}).reason, Reason::kNoInputFile);
  EXPECT_EQ(bypass_of({"a.rs", "b.rs"}).reason, Reason::kMultipleSourceFiles);
  EXPECT_EQ(bypass_of({"a.rs", "--", "-g"}).reason, Reason::kMultipleSourceFiles);
  EXPECT_EQ(refused({"--emit=dep-info"}), Reason::kCalledForPreprocessing);
  EXPECT_EQ(bypass_of({"a\nb.rs", "-o", "x"}).reason, Reason::kDepfileNotUnderstood);
}

TEST(RustParse, WhatIsNotUnderstoodIsRefused) {
  for (const Words& args : {Words{"-Zthreads=4"},
                            Words{"-Z", "unstable-options"},
                            Words{"--env-set", "A=B"},
                            Words{"--emi=link"},
                            Words{"--o", "x"},
                            Words{"-q"},
                            Words{"-gq"},
                            Words{"--test=1"},
                            Words{"--help=1"},
                            Words{"--emit=thin-link-bitcode"},
                            Words{"--emit="},
                            Words{"--emit=link,,asm"},
                            Words{"--crate-type=sdylib"},
                            Words{"--crate-type="},
                            Words{"--crate-type=bin"},
                            Words{"--crate-type=proc-macro"},
                            Words{"--color=auto"},
                            Words{"--error-format=human-unicode"},
                            Words{"--error-format=json", "--json=timings"},
                            Words{"-L@RUSTC_BUILTIN"},
                            Words{"--target", "t.json"},
                            Words{"--target=x86_64-pc-windows-gnu"},
                            Words{"--target=wasm32-unknown-emscripten"},
                            Words{"--target=aarch64-apple-darwin"},
                            Words{"--target=x86_64-unknown-uefi"},
                            Words{"--target=x86_64-unknown-linux-musl", "--crate-type=cdylib"},
                            Words{"--emit=obj", "-Ccodegen-units=4"},
                            Words{"--emit=asm", "-Cincremental=i"}}) {
    EXPECT_EQ(refused(args), Reason::kUnsupportedCompilerOption) << ::testing::PrintToString(args);
  }
  for (const Words& args :
       {Words{"-C"}, Words{"--emit"}, Words{"-go"}, Words{"-o", "x", "-o", "x"},
        Words{"--crate-name", "q"}, Words{"--json=artifacts"}, Words{"--cfg", "\xFF"},
        Words{"--error-format=json", "--json=artifacts", "--color=always"}, Words{"-L", ""},
        Words{"-L", "native="}, Words{"--extern", "=x"}, Words{"--extern", "x="},
        Words{"--out-dir", "a\nb"}, Words{"-o", ""}}) {
    EXPECT_EQ(refused(args), Reason::kBadCompilerArguments) << ::testing::PrintToString(args);
  }
  EXPECT_EQ(bypass_of({"--crate-name", "a-b", "--crate-type=lib", "a.rs"}).reason,
            Reason::kBadCompilerArguments);
}

TEST(RustParse, DependenciesAndLibraries) {
  const Invocation got =
      understood({"--extern", "priv,noprelude:a=x/liba.rlib", "--extern=proc_macro",
                  "-Ldependency=d", "-L", "crate=c", "-Lnative=n", "-Lframework=f", "-Lall=a",
                  "-Lp", "-Lfoo=bar", "-lstatic:+whole-archive=z:y"});
  ASSERT_EQ(got.externs.size(), 2U);
  EXPECT_EQ(got.externs[0].spelling, "priv,noprelude:a");
  EXPECT_EQ(got.externs[0].path, "x/liba.rlib");
  EXPECT_EQ(got.externs[1].spelling, "proc_macro");
  EXPECT_EQ(got.externs[1].path, "");
  const auto listed = [](const std::vector<SearchDirectory>& dirs) {
    std::string out;
    for (const SearchDirectory& dir : dirs) {
      str_append(out, dir.kind, '=', dir.path, ' ');
    }
    return out;
  };
  EXPECT_EQ(listed(got.search_dirs),
            "dependency=d crate=c native=n framework=f all=a all=p all=foo=bar ");
  EXPECT_THAT(got.key_args,
              ElementsAre("--crate-name\0q"s, "--crate-type\0lib"s, "--extern\0priv,noprelude:a="s,
                          "--extern\0proc_macro"s, "-L\0dependency"s, "-L\0crate"s, "-L\0native"s,
                          "-L\0framework"s, "-L\0all"s, "-L\0all"s, "-L\0all"s,
                          "-l\0static:+whole-archive=z:y"s));
}

TEST(RustParse, PathsOfOutputsAndDependenciesAreNotInTheKey) {
  const Words one = key_of({"--out-dir", "x", "-L", "dependency=x", "--extern", "a=x/liba.rlib",
                            "--emit=link,dep-info=x/q.d", "-C", "incremental=x"});
  const Words two = key_of({"--out-dir", "y", "-L", "dependency=y", "--extern", "a=y/liba.rlib",
                            "--emit=link,dep-info=y/q.d", "-C", "incremental=y"});
  EXPECT_EQ(one, two);
  EXPECT_EQ(key_of({"-o", "x"}), key_of({"-o", "y"}));
  EXPECT_EQ(key_of({}), key_of({"--out-dir", "y"}));
}

TEST(RustParse, WhatOutputsRustcWarnsAboutIsInTheKey) {
  EXPECT_NE(key_of({}), key_of({"-o", "x"}));
  EXPECT_NE(key_of({"-o", "x"}), key_of({"-o", "x", "--out-dir", "y"}));
  EXPECT_NE(key_of({"-o", "x", "--emit=link,dep-info"}),
            key_of({"-o", "x", "--emit=link,dep-info=d"}));
}

TEST(RustParse, PlainProgram) {
  const Invocation got = parsed({"-O", "main.rs", "-o", "bin/main"});
  EXPECT_EQ(got.crate_name, "");
  EXPECT_THAT(got.crate_types, IsEmpty());
  ASSERT_EQ(got.outputs.size(), 1U);
  EXPECT_EQ(got.outputs[0].role, Role::kProgram);
  EXPECT_EQ(got.outputs[0].path, "bin/main");
  EXPECT_TRUE(got.links);
  EXPECT_EQ(got.dep_info, std::nullopt);
}

TEST(RustParse, NamesThatOnlyTheSourceCanTell) {
  const Words from_source[] = {{"a.rs"},
                               {"a.rs", "--crate-name=q"},
                               {"a.rs", "--crate-type=lib"},
                               {"a.rs", "--emit=metadata"},
                               {"a.rs", "--emit=dep-info=d,link=l"},
                               {"a.rs", "--emit=dep-info,link", "-o", "x"}};
  for (const Words& args : from_source) {
    EXPECT_EQ(bypass_of(args).reason, Reason::kUnsupportedCompilerOption)
        << ::testing::PrintToString(args);
  }
  parsed({"a.rs", "--emit=metadata=m"});
  parsed({"a.rs", "--emit=dep-info=d,metadata=m"});
  parsed({"a.rs", "--emit=link=l"});
  parsed({"a.rs", "--emit=metadata", "--crate-name=q"});
  parsed({"a.rs", "--test", "--crate-name=q"});
}

TEST(RustParse, NamesThatAreNotCertain) {
  for (const Words& args :
       {Words{"-Cextra-filename=-1.2"}, Words{"-Cextra-filename=/x"},
        Words{"-o", "a.b.c", "--emit=link,dep-info"}, Words{"-o", "x/./y", "--emit=link,dep-info"},
        Words{"-o", "x//y", "--emit=link,dep-info"}, Words{"-o", "x", "--crate-type=lib,staticlib"},
        Words{"--crate-type=cdylib,dylib"}, Words{"--emit=asm=x,obj=x"}}) {
    EXPECT_EQ(refused(args), Reason::kBadOutputFile) << ::testing::PrintToString(args);
  }
  for (const Words& args :
       {Words{"-o", "-"}, Words{"--emit=link=-"}, Words{"--emit=metadata,dep-info=-"}}) {
    EXPECT_EQ(refused(args), Reason::kOutputToStdout) << ::testing::PrintToString(args);
  }
}

TEST(RustParse, Linking) {
  const auto links = [](const char* type, const char* emit) {
    return parsed({"--crate-name=q", "a.rs", "--crate-type", type, "--emit", emit}).links;
  };
  for (const char* type : {"bin", "dylib", "cdylib", "proc-macro", "rlib,cdylib"}) {
    EXPECT_TRUE(links(type, "link")) << type;
    EXPECT_FALSE(links(type, "metadata")) << type;
  }
  for (const char* type : {"lib", "rlib", "staticlib", "lib,staticlib"}) {
    EXPECT_FALSE(links(type, "link,metadata")) << type;
  }
  EXPECT_TRUE(understood({"--test"}).links);
  EXPECT_TRUE(understood({"--test"}).test);
  EXPECT_THAT(understood({"--test", "--crate-type=cdylib"}).crate_types, ElementsAre("bin"));
}

TEST(RustParse, CapsLints) {
  EXPECT_TRUE(understood({"--cap-lints=warn"}).caps_lints);
  EXPECT_FALSE(understood({"--cfg", "--cap-lints"}).caps_lints);
}

TEST(RustParse, Messages) {
  const Invocation json = understood({"--error-format=json"});
  EXPECT_TRUE(json.json);
  EXPECT_FALSE(json.artifact_notifications);
  EXPECT_FALSE(understood({"--error-format=short"}).json);
  EXPECT_NE(key_of({"--diagnostic-width=80"}), key_of({"--diagnostic-width=90"}));
}

// As rustc 1.85 and 1.63 wrote them.
TEST(RustParse, RulesOfOlderDepInfo) {
  const Invocation got =
      parsed({"--crate-name=a", "--crate-type=lib,staticlib", "-Ccodegen-units=1",
              "--emit=asm,llvm-bc,dep-info,link,llvm-ir,metadata,mir,obj", "a.rs"});
  ASSERT_EQ(got.dep_targets.size(), 3U);
  EXPECT_THAT(got.dep_targets[1], ElementsAre("a.bc", "a.s", "a.ll", "a.mir", "liba.rmeta", "a.o",
                                              "liba.rlib", "liba.a", "a.d"));
  EXPECT_THAT(got.dep_targets[2], ElementsAre("a.bc", "a.s", "a.ll", "a.mir", "a.rmeta", "a.o",
                                              "liba.rlib", "liba.a", "a.d"));
  const Invocation given =
      parsed({"--crate-name=a", "--crate-type=lib", "--emit=metadata=x.m,dep-info", "a.rs"});
  EXPECT_THAT(given.dep_targets[2], ElementsAre("x.m", "a.d"));
  const Invocation adapted = parsed(
      {"--crate-name=a", "--crate-type=lib", "--emit=metadata,dep-info", "-o", "y.q", "a.rs"});
  EXPECT_THAT(adapted.dep_targets[2], ElementsAre("y.rmeta", "y.d"));
}

TEST(RustParse, TargetAndSysroot) {
  const Invocation got = understood({"--target=i686-unknown-linux-gnu", "--sysroot", "/s"});
  EXPECT_EQ(got.target, "i686-unknown-linux-gnu");
  EXPECT_THAT(got.key_args, Contains("--target\0i686-unknown-linux-gnu"s));
  EXPECT_THAT(got.key_args, Contains("--sysroot\0/s"s));
  for (const TargetRow& row : target_rows()) {
    EXPECT_EQ(understood({"--target", std::string(row.name)}).target, row.name);
  }
}

TEST(RustParse, WasmHasNamesOfItsOwn) {
  const auto paths_of = [](std::vector<std::string> args) {
    args.insert(args.end(), {"--crate-name=a", "--target=wasm32-unknown-unknown", "a.rs"});
    std::vector<std::string> out;
    for (const Output& output : parsed(args).outputs) {
      out.push_back(output.path);
    }
    return out;
  };
  EXPECT_THAT(paths_of({"--crate-type=bin", "-Cextra-filename=-1"}), ElementsAre("a-1.wasm"));
  EXPECT_THAT(paths_of({"--crate-type=bin", "--emit=link=x"}), ElementsAre("x"));
  EXPECT_THAT(paths_of({"--crate-type=bin", "-o", "x"}), ElementsAre("x"));
  EXPECT_THAT(paths_of({"--crate-type=cdylib,lib,staticlib", "--emit=link,metadata"}),
              ElementsAre("a.wasm", "liba.rlib", "liba.a", "liba.rmeta"));
}

TEST(RustParse, SomeTargetsLoadNoLibraries) {
  const auto reason_of = [](const char* target, const char* type) {
    return bypass_of({"--crate-name=a", "--target", target, "--crate-type", type, "a.rs"}).reason;
  };
  for (const char* target : {"x86_64-unknown-linux-musl", "thumbv7em-none-eabihf"}) {
    for (const char* type : {"cdylib", "dylib", "proc-macro"}) {
      EXPECT_EQ(reason_of(target, type), Reason::kUnsupportedCompilerOption) << target << type;
    }
  }
  EXPECT_EQ(reason_of("wasm32-wasip1", "dylib"), Reason::kUnsupportedCompilerOption);
  EXPECT_EQ(reason_of("wasm32-wasip1", "proc-macro"), Reason::kUnsupportedCompilerOption);
}

TEST(RustParse, ArgumentFiles) {
  const Invocation got = parsed({"@args", "-g"}, "--crate-name\nq\r\n--crate-type=lib\na.rs");
  EXPECT_EQ(got.key_args, parsed({"--crate-name=q", "--crate-type=lib", "a.rs", "-g"}).key_args);
  EXPECT_EQ(parsed({"@args"}, "@b.rs\n-o\nx y\n").source, "@b.rs");
  EXPECT_EQ(bypass_of({"@none"}).reason, Reason::kUnsupportedResponseFile);
  EXPECT_EQ(bypass_of({"@args"}, "\xFF").reason, Reason::kUnsupportedResponseFile);
  EXPECT_THAT(*split_argument_file(""), IsEmpty());
  EXPECT_THAT(*split_argument_file("\n"), ElementsAre(""));
  EXPECT_THAT(*split_argument_file("a b\n\n c\r\nd\re\r"), ElementsAre("a b", "", " c", "d\re\r"));
  EXPECT_EQ(split_argument_file("a\0b"s), std::nullopt);
}

}  // namespace
}  // namespace zc::compiler::rust
