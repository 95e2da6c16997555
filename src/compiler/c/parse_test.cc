#include "compiler/c/parse.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace zc::compiler::c {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using Words = std::vector<std::string>;
using namespace std::string_literals;

OrBypass<Invocation> parse_words(const Words& args, Family family = Family::kGcc,
                                 bool is_cxx = false) {
  return parse(family, is_cxx, args, [](std::string_view) { return std::nullopt; });
}

Invocation parsed(const Words& args, Family family = Family::kGcc, bool is_cxx = false) {
  auto result = parse_words(args, family, is_cxx);
  EXPECT_TRUE(result) << ::testing::PrintToString(args) << result.error().detail;
  return std::move(result).value_or(Invocation{});
}

// `a.c` compiled with `args` added.
Invocation understood(Words args, Family family = Family::kGcc, bool is_cxx = false) {
  args.insert(args.begin(), {"-c", "a.c"});
  return parsed(args, family, is_cxx);
}

Bypass bypass_of(const Words& args, Family family = Family::kGcc) {
  auto parsed = parse_words(args, family);
  EXPECT_FALSE(parsed) << ::testing::PrintToString(args);
  return parsed ? Bypass{} : std::move(parsed).error();
}

Words paths_of(const Invocation& invocation) {
  Words out;
  for (const OutputFile& output : invocation.outputs) {
    out.push_back(output.path);
  }
  return out;
}

TEST(Parse, PlainCompile) {
  const auto parsed = parse_words({"-O2", "-c", "dir/a.cc", "-o", "out/a.o", "-DX=1"});
  ASSERT_TRUE(parsed);
  const Invocation& invocation = *parsed;
  EXPECT_EQ(invocation.family, Family::kGcc);
  EXPECT_EQ(invocation.language, Language::kCxx);
  EXPECT_EQ(invocation.source, "dir/a.cc");
  EXPECT_THAT(paths_of(invocation), ElementsAre("out/a.o"));
  EXPECT_THAT(invocation.key_args, ElementsAre("-O\0"s
                                               "2",
                                               "-c", "-D\0X=1"s));
  EXPECT_THAT(invocation.program_search_args, IsEmpty());
  EXPECT_THAT(invocation.key_files, IsEmpty());
  EXPECT_EQ(invocation.dep.style, DepStyle::kNone);
  EXPECT_FALSE(invocation.cwd_leaks);
  EXPECT_FALSE(invocation.output_name_leaks);
  EXPECT_FALSE(invocation.native_cpu);
}

TEST(Parse, ReasonsInOrderOfImportance) {
  EXPECT_EQ(bypass_of({"-c"}).reason, Reason::kNoInputFile);
  EXPECT_EQ(bypass_of({"-c", "-"}).reason, Reason::kStandardInput);
  EXPECT_EQ(bypass_of({"-c", ""}).reason, Reason::kStandardInput);
  EXPECT_EQ(bypass_of({"a.c"}).reason, Reason::kCalledForLink);
  EXPECT_EQ(bypass_of({"a.o", "b.o", "-o", "x", "-lm", "-T", "script"}).reason,
            Reason::kCalledForLink);
  EXPECT_EQ(bypass_of({}).reason, Reason::kNoInputFile);
  for (const char* query : {"--version", "-dumpmachine", "-dumpversion", "-print-search-dirs",
                            "-print-file-name=libc.a", "--print-prog-name=as", "--help=warnings"}) {
    EXPECT_EQ(bypass_of({"-m64", query}).reason, Reason::kCalledForInformation) << query;
    EXPECT_EQ(bypass_of({query, "a.c"}).reason, Reason::kCalledForLink) << query;
  }
  EXPECT_EQ(bypass_of({"-dumpbase", "a"}).reason, Reason::kNoInputFile);
  EXPECT_EQ(bypass_of({"-E", "a.c"}).reason, Reason::kCalledForPreprocessing);
  EXPECT_EQ(bypass_of({"-M", "a.c"}).reason, Reason::kCalledForPreprocessing);
  EXPECT_EQ(bypass_of({"-c", "-MM", "a.c", "-fdump-x"}).reason, Reason::kCalledForPreprocessing);
  EXPECT_EQ(bypass_of({"-c", "a.c", "b.c"}).reason, Reason::kMultipleSourceFiles);
  EXPECT_EQ(bypass_of({"-c", "a.c", "b.o"}).reason, Reason::kMultipleSourceFiles);
  EXPECT_EQ(bypass_of({"-c", "a.c", "-o"}).reason, Reason::kBadCompilerArguments);
  EXPECT_EQ(bypass_of({"-c", "a.c", "-o", ""}).reason, Reason::kBadCompilerArguments);
  EXPECT_EQ(bypass_of({"-c", "a.c", "-o", "a\nb.o"}).reason, Reason::kBadCompilerArguments);
  EXPECT_EQ(bypass_of({"-c", "a.c", "-o", "-"}).reason, Reason::kOutputToStdout);
  EXPECT_EQ(bypass_of({"-c", "a.c", "-o-"}).reason, Reason::kOutputToStdout);
  EXPECT_EQ(bypass_of({"-c", "a.c", "-MD", "-MF", "-"}).reason, Reason::kOutputToStdout);
  EXPECT_EQ(bypass_of({"-c", "a.c", "-o", "a", "-o", "b"}).reason,
            Reason::kUnsupportedCompilerOption);
  EXPECT_EQ(bypass_of({"-c", "a\n.c"}).reason, Reason::kDepfileNotUnderstood);
  EXPECT_EQ(bypass_of({"-c", "d\\a.c"}, Family::kClang).reason, Reason::kDepfileNotUnderstood);
  EXPECT_EQ(bypass_of({"-c", "@gone"}).reason, Reason::kUnsupportedResponseFile);
}

TEST(Parse, OptionsThatReportOnTheRun) {
  const Words options = {
      "-###",
      "-Q",
      "-time",
      "-ftime-trace",
      "-ftime-trace=x",
      "-ftime-report",
      "-fmem-report",
      "-fproc-stat-report",
      "-fproc-stat-report=x",
  };
  for (const Family family : {Family::kGcc, Family::kClang}) {
    for (const std::string& option : options) {
      const Bypass found = bypass_of({"-c", "a.c", option}, family);
      EXPECT_EQ(found.reason, Reason::kCalledForInformation) << option;
      EXPECT_TRUE(option.starts_with(found.detail)) << option;
      EXPECT_FALSE(found.detail.empty()) << option;
      EXPECT_EQ(bypass_of({"a.c", option}, family).reason, Reason::kCalledForInformation);
      EXPECT_EQ(bypass_of({"-E", "a.c", option}, family).reason, Reason::kCalledForInformation);
    }
  }
  EXPECT_EQ(bypass_of({"-E", "a.c", "-Xclang", "-print-stats"}, Family::kClang).reason,
            Reason::kCalledForInformation);
  EXPECT_FALSE(is_shown_by_run(Reason::kCalledForInformation));
}

TEST(Parse, ADepfileOfThePreprocessor) {
  const Words words = {"-Wp,-MMD,dir/x.d", "-c", "src/a.c", "-o", "out/b.o"};
  const Invocation gcc = parsed(words, Family::kGcc);
  EXPECT_EQ(gcc.dep.style, DepStyle::kUser);
  EXPECT_EQ(gcc.dep.path, "dir/x.d");
  EXPECT_THAT(gcc.dep.targets, ElementsAre("a.o")) << "cc1 does not know the object";
  EXPECT_FALSE(gcc.is_word_for_word);
  EXPECT_THAT(gcc.key_args, ElementsAre("-c"));
  const Invocation clang = parsed(words, Family::kClang);
  EXPECT_THAT(clang.dep.targets, ElementsAre("out/b.o"));
  EXPECT_EQ(parsed({"-Wp,-MD,x.d", "-c", "a.c"}, Family::kGcc).dep.style, DepStyle::kAll);
  for (const char* word : {"-MD", "-MMD", "-MP", "-MFy", "-MTt", "-MQt", "-Wp,-MD,y.d"}) {
    const Words twice = {"-Wp,-MD,x.d", "-c", "a.c", word};
    EXPECT_EQ(bypass_of(twice).reason, Reason::kUnsupportedCompilerOption) << word;
  }
}

// gcc asks another process, through a pipe that it has inherited, where the modules are.
TEST(Parse, ADescriptorThatTheCommandInheritsIsSeenByNobody) {
  for (const Family family : {Family::kGcc, Family::kClang}) {
    for (const Words& words :
         {Words{"-c", "a.cc", "-fmodule-mapper=<3>4"}, Words{"-E", "a.cc", "-fmodule-mapper=<3"},
          Words{"a.cc", "-fmodule-mapper=<>"}}) {
      EXPECT_EQ(bypass_of(words, family).reason, Reason::kOpenDescriptors) << words.back();
    }
    EXPECT_TRUE(parsed({"-c", "a.cc", "-fmodule-mapper=file"}, family).is_word_for_word);
  }
  EXPECT_FALSE(is_shown_by_run(Reason::kOpenDescriptors));
}

TEST(Parse, WhatIsNoCompileOfOneSourceIsLeftToItsRun) {
  const std::vector<Words> commands = {
      {"a.c"},
      {"-E", "a.c"},
      {"-c", "a.c", "b.c"},
      {"-c", "a.f90"},
      {"-c", "-"},
      {"-c", "a.c", "-o-"},
      {"-c", "a\n.c"},
      {"-c", "a.c", "-x", "c"},
      {"-c", "a.m"},
      {"-c", "a.c", "-MF", "x"},
      {"-c", "a.c", "-o", "a", "-o", "b"},
  };
  for (const Words& words : commands) {
    EXPECT_TRUE(is_shown_by_run(bypass_of(words).reason)) << words.back();
  }
  EXPECT_FALSE(is_shown_by_run(bypass_of({"-c", "a.c", "-o", ""}).reason));
  EXPECT_FALSE(is_shown_by_run(bypass_of({"-c", "@gone"}).reason));
}

void expect_word_for_word(const Words& args, Family family) {
  const Invocation invocation = parsed(args, family);
  EXPECT_TRUE(invocation.is_word_for_word) << args.back();
  EXPECT_EQ(invocation.key_args, args);
  EXPECT_TRUE(invocation.cwd_leaks && invocation.native_cpu);
  EXPECT_EQ(invocation.dep.style, DepStyle::kNone);
  EXPECT_THAT(paths_of(invocation), ElementsAre("b.o", "b.d")) << args.back();
}

TEST(Parse, OptionsThatMayDoAnything) {
  const Words options = {
      "--",
      "-H",
      "-I-",
      "-lang-asm",
      "-fmodules",
      "-fmodules-ts",
      "-fmodule-file=x",
      "-fmodule-output",
      "-fprebuilt-module-path=x",
      "-object-file-name=x",
      "-v",
      "-P",
      "-C",
      "-dM",
      "-remap",
      "-save-temps",
      "-save-temps=obj",
      "--save-temps",
      "-fdump-tree-all",
      "-fdump-rtl-expand",
      "-fdump-ipa-clones",
      "-frepo",
      "--analyze",
      "--analyzer-output",
      "-gtoggle",
      "-MG",
      "-MV",
      "-gen-cdb-fragment-path",
      "-fcxx-modules",
      "-fimplicit-module-maps",
      "--precompile",
      "-emit-llvm",
      "-emit-ast",
      "-fsyntax-only",
      "-fplugin=x",
      "-fplugin-arg-x-y",
      "-fpass-plugin=x",
      "--config=x",
      "-ivfsoverlay",
      "-fcallgraph-info",
      "-fcallgraph-info=su",
      "-fopt-info",
      "-fopt-info-vec=f",
      "-fsave-optimization-record",
      "-foptimization-record-file=x",
      "-fdiagnostics-format=sarif-file",
      "-fdiagnostics-format=json",
      "-fdiagnostics-add-output=sarif",
      "-fdiagnostics-generate-patch",
      "-aux-info=x",
      "-fdeps-file=x",
      "-fdeps-format=p1689r5",
      "-frecord-gcc-switches",
      "-grecord-gcc-switches",
      "-grecord-command-line",
      "-frecord-command-line",
      "-fcrash-diagnostics",
      "-fcrash-diagnostics-dir=x",
      "-save-stats",
      "-save-stats=obj",
      "-fxray-attr-list=x",
      "-fxray-always-instrument=x",
      "-fsanitize-coverage-allowlist=x",
      "-fbuild-session-file=x",
      "-fbuild-session-timestamp=1",
      "-fprofile-use",
      "-fauto-profile",
      "-fbranch-probabilities",
      "-fprofile-note=x",
      "-fmemory-profile",
      "-fthinlto-index=x",
      "-fthin-link-bitcode=x",
      "--write-dependencies",
      "--write-user-dependencies",
      "--dependencies",
      "--user-dependencies",
      "--preprocess",
      "--trace-includes",
      "--include=x",
      "-Xarch_host",
      "-Wa,-a=x",
      "-Wa,--MD,x",
      "-Wa,-I,x",
      "-Wp,-MD",
      "-Wp,-MD,x,y",
      "-Wp,-P",
      "-Wp,-DX,-MD,x",
      "-fno-integrated-as",
      "-no-integrated-as",
      "-specs=x",
      "--specs=x",
      "-T",
      "-b",
      "-V",
      "-serialize-diagnostics",
      "-fverbose-asm",
      "-working-directory",
      "-fworking-directory",
      "-fpreprocessed",
      "-fdirectives-only",
      "-fpch-preprocess",
      "-fpch-deps",
      "-fbasic-block-sections=list=x",
      "-fcompare-debug",
      "-fselective-unknown",
      "-fself-test=x",
      "-fdbg-cnt=x",
      "-fenable-tree-x",
      "-fdisable-ipa-x",
      "-mdump-tune-features",
      "-fprofile",
      "-fstats",
      "-imultilib",
      "-imultiarch",
      "-quiet",
      "-foffload=x",
      "-fopenacc",
      "-fopenmp-targets=x",
      "-fnot-real",
      "-mnot-real",
      "-notreal",
      "--driver-mode=cl",
      "-fms-runtime-lib=static",
      "-gmodules",
      "-gcodeview",
      "-gno-split-dwarf",
      "-gsplit-dwarf=single",
      "-fhip-x",
  };
  const Words with_value = {
      "-wrapper",
      "-MJ",
      "-aux-info",
      "-dumpbase",
      "-dumpdir",
      "-dumpbase-ext",
      "-arch",
      "-mllvm",
      "-Xassembler",
      "-Xpreprocessor",
      "--serialize-diagnostics",
  };
  for (const Family family : {Family::kGcc, Family::kClang}) {
    for (const std::string& option : options) {
      expect_word_for_word({"-c", "a.c", "-MD", "-o", "b.o", option}, family);
    }
    for (const std::string& option : with_value) {
      expect_word_for_word({"-c", "a.c", "-MD", "-o", "b.o", option, "none"}, family);
    }
  }
  expect_word_for_word({"-c", "a.c", "-MD", "-o", "b.o", "-fdebug-compilation-dir", "none"},
                       Family::kClang);
  EXPECT_FALSE(understood({}).is_word_for_word);
  // Whether `none` is the value is not known.
  const Bypass found = bypass_of({"-c", "a.c", "-fnot-real=x", "none"});
  EXPECT_EQ(found.reason, Reason::kUnsupportedCompilerOption);
  EXPECT_EQ(found.detail, "-fnot-real");
}

// Pairs that must never share a result.
TEST(Parse, FlagPairsDiffer) {
  const std::vector<std::pair<Words, Words>> pairs = {
      {{"-g"}, {}},
      {{"-g3"}, {"-g1"}},
      {{"-gsplit-dwarf"}, {}},
      {{"-UFOO"}, {}},
      {{"-O2", "-O0"}, {"-O0", "-O2"}},
      {{"-DA=1", "-DA=2"}, {"-DA=2", "-DA=1"}},
      {{"-isysroot", "a"}, {"-isysroot", "b"}},
      {{"--sysroot", "a"}, {"--sysroot", "b"}},
      {{"--param", "x=1"}, {"--param", "x=2"}},
      {{"-imacros", "a.h"}, {"-imacros", "b.h"}},
      {{"-B", "a"}, {"-B", "b"}},
      {{"-S"}, {}},
      {{"-Isym/../i"}, {"-Ii"}},
      {{"-fPIC"}, {"-fno-PIC"}},
      {{"-funroll-loops", "-fno-unroll-loops"}, {"-fno-unroll-loops", "-funroll-loops"}},
      {{"-w"}, {}},
      {{"-Wall"}, {}},
      {{"-fdiagnostics-color=always"}, {}},
      {{"-ffile-prefix-map=a=b"}, {"-ffile-prefix-map=a=c"}},
      {{"-fdebug-prefix-map=a=b"}, {"-fdebug-prefix-map=a=c"}},
      {{"-fmacro-prefix-map=a=b"}, {"-fmacro-prefix-map=a=c"}},
      {{"-D", "A"}, {"-U", "A"}},
      {{"-I", "a"}, {"-isystem", "a"}},
      {{"-Wp,-DA"}, {"-Wp,-DB"}},
      {{"-DAB"}, {"-DA", "-DB"}},
  };
  for (const auto& [first, second] : pairs) {
    EXPECT_NE(understood(first).key_args, understood(second).key_args)
        << ::testing::PrintToString(first);
  }
  EXPECT_NE(understood({"-target", "a"}, Family::kClang).key_args,
            understood({"-target", "b"}, Family::kClang).key_args);
  EXPECT_NE(understood({"--target=a"}, Family::kClang).key_args,
            understood({"--target=b"}, Family::kClang).key_args);
  EXPECT_NE(understood({"-F", "a"}, Family::kClang).key_args,
            understood({"-F", "b"}, Family::kClang).key_args);
}

TEST(Parse, OneValueInTwoSpellingsIsOneKey) {
  EXPECT_EQ(understood({"-I", "dir"}).key_args, understood({"-Idir"}).key_args);
  EXPECT_EQ(understood({"-D", "X"}).key_args, understood({"-DX"}).key_args);
  EXPECT_EQ(understood({"-o", "x.o"}).key_args, understood({"-oy.o"}).key_args);
}

TEST(Parse, DepfileOptionsAreNoPartOfTheKey) {
  const Invocation plain = understood({});
  const Invocation full = understood({"-MD", "-MFx.d", "-MT", "t", "-MQ", "q", "-MP"});
  EXPECT_EQ(plain.key_args, full.key_args);
  EXPECT_EQ(full.dep.style, DepStyle::kAll);
  EXPECT_EQ(full.dep.path, "x.d");
  EXPECT_THAT(full.dep.targets, ElementsAre("t", "q"));
  EXPECT_TRUE(full.dep.phony);
  EXPECT_EQ(understood({"-MMD"}).dep.style, DepStyle::kUser);
  EXPECT_EQ(understood({"-MMD"}).dep.path, "a.d");
  EXPECT_THAT(understood({"-MMD"}).dep.targets, ElementsAre("a.o"));
}

TEST(Parse, DepfileOptionsNeedADepfile) {
  for (const Words& args : {Words{"-MF", "x"}, Words{"-MT", "x"}, Words{"-MQx"}, Words{"-MP"},
                            Words{"-MD", "-MMD"}, Words{"-MMD", "-MD"}}) {
    Words all = {"-c", "a.c"};
    all.insert(all.end(), args.begin(), args.end());
    EXPECT_EQ(bypass_of(all).reason, Reason::kUnsupportedCompilerOption)
        << ::testing::PrintToString(args);
  }
}

TEST(Parse, DirectoriesOfPrograms) {
  EXPECT_THAT(understood({"-Ia", "-isystem", "c", "-B", "d", "-Be", "-DI=-Bf"}).program_search_args,
              ElementsAre("-Bd", "-Be"));
}

// What the compiler reads under them is observed, so they are only part of the key.
TEST(Parse, WhereHeadersAreIsPartOfTheKey) {
  EXPECT_THAT(understood({"-I", "b", "-isystem", "c", "--sysroot=f", "-m32", "-nostdinc",
                          "-include", "a.h", "-imacrosb.h"})
                  .key_args,
              ElementsAre("-c", "-I\0b"s, "-isystem\0c"s, "--sysroot=\0f"s, "-m32", "-nostdinc",
                          "-include\0a.h"s, "-imacros\0b.h"s));
}

TEST(Parse, AMicrocontrollerIsPartOfTheKey) {
  EXPECT_THAT(understood({"-mmcu=atmega328p"}).key_args, Contains("-mmcu=\0atmega328p"s));
  EXPECT_FALSE(understood({"-mmcu=atmega328p"}).is_word_for_word);
}

TEST(Parse, Assembly) {
  EXPECT_TRUE(understood({"-S"}).emits_assembly);
  EXPECT_FALSE(understood({"-D", "-S", "-Xlinker", "-S"}).emits_assembly);
}

TEST(Parse, WorkingDirectoryLeaks) {
  for (const Words& args :
       {Words{"-g"}, Words{"-g0", "-g"}, Words{"-ggdb3"}, Words{"-gsplit-dwarf"},
        Words{"--coverage"}, Words{"-fprofile-arcs"}, Words{"-ftest-coverage"},
        Words{"-fprofile-generate"}, Words{"-flto"}, Words{"-flto=auto"}, Words{"-Wa,-g"},
        Words{"-fsanitize=address"}, Words{"-gz"}, Words{"-g", "-Wa,--noexecstack"},
        Words{"-g", "-ffile-prefix-map=/src=."}}) {
    EXPECT_TRUE(understood(args).cwd_leaks) << ::testing::PrintToString(args);
  }
  for (const Words& args : {Words{}, Words{"-g0"}, Words{"-g", "-g0"}, Words{"-O2", "-Wall"},
                            Words{"-S"}, Words{"-fPIC"}, Words{"-Wa,--noexecstack"}}) {
    EXPECT_FALSE(understood(args).cwd_leaks) << ::testing::PrintToString(args);
  }
  EXPECT_TRUE(parsed({"-c", "a.S"}).cwd_leaks);
}

TEST(Parse, PathsThatAreTextCanBeRemapped) {
  for (const Words& args :
       {Words{}, Words{"-g", "-O2", "-Wall", "-fPIC", "-DX=1", "-I/w", "-MD"}, Words{"-S"},
        Words{"-ffile-prefix-map=/src=."}, Words{"-fstack-usage"}}) {
    EXPECT_TRUE(understood(args).is_remappable) << ::testing::PrintToString(args);
  }
  for (const Words& args :
       {Words{"-gsplit-dwarf"}, Words{"--coverage"}, Words{"-fprofile-arcs"},
        Words{"-ftest-coverage"}, Words{"-flto"}, Words{"-fno-lto"}, Words{"-Wa,--noexecstack"},
        Words{"-Wp,-DX"}, Words{"-fsanitize=address"}, Words{"-gz"}, Words{"-gz=none"},
        Words{"-B/x"}, Words{"-fprofile-use=p"}, Words{"-unknown"}}) {
    EXPECT_FALSE(understood(args).is_remappable) << ::testing::PrintToString(args);
  }
  EXPECT_FALSE(parsed({"-c", "a.S"}).is_remappable);
  EXPECT_FALSE(parsed({"-c", "a.s"}).is_remappable);
}

TEST(Parse, OutputNameLeaks) {
  for (const Words& args : {Words{"-gsplit-dwarf"}, Words{"--coverage"}, Words{"-fprofile-arcs"},
                            Words{"-fprofile-generate=d"}}) {
    EXPECT_TRUE(understood(args).output_name_leaks) << ::testing::PrintToString(args);
  }
  EXPECT_FALSE(understood({"-g"}).output_name_leaks);
}

TEST(Parse, FlagsForTheEngine) {
  EXPECT_TRUE(understood({"-march=native"}).native_cpu);
  EXPECT_TRUE(understood({"-mtune=native"}).native_cpu);
  EXPECT_FALSE(understood({"-march=x86-64"}).native_cpu);
  EXPECT_THAT(
      understood({"-fsanitize-ignorelist=f", "-fprofile-instr-use=g"}, Family::kClang).key_files,
      ElementsAre("f", "g"));
}

TEST(Parse, SideOutputsOfGcc) {
  EXPECT_THAT(paths_of(understood({"--coverage", "-fstack-usage", "-gsplit-dwarf"})),
              ElementsAre("a.o", "a.dwo", "a.gcno", "a.su"));
  EXPECT_THAT(paths_of(understood({"--coverage", "-o", "d/x.y.o"})),
              ElementsAre("d/x.y.o", "d/x.y.gcno"));
  EXPECT_THAT(paths_of(understood({"--coverage", "-o", "out"})), ElementsAre("out", "out.gcno"));
  EXPECT_THAT(paths_of(understood({"--coverage", "-o", ".x"})), ElementsAre(".x", ".x.gcno"));
  EXPECT_THAT(paths_of(understood({"-fprofile-arcs"})), ElementsAre("a.o"));
}

TEST(Parse, SideOutputsOfClang) {
  EXPECT_THAT(paths_of(understood({"-gsplit-dwarf"}, Family::kClang)), ElementsAre("a.o"));
  EXPECT_THAT(paths_of(understood({"-g", "-gsplit-dwarf"}, Family::kClang)),
              ElementsAre("a.o", "a.dwo"));
  EXPECT_THAT(paths_of(understood({"--coverage", "-o", "d/.x"}, Family::kClang)),
              ElementsAre("d/.x", "d/.gcno"));
}

TEST(Parse, SideOutputsThatAreNotSure) {
  for (const Words& args :
       {Words{"-S", "--coverage"}, Words{"-flto", "-fstack-usage"}, Words{"-S", "-gsplit-dwarf"},
        Words{"-gsplit-dwarf", "-g0"}, Words{"-gsplit-dwarf", "-g1"}}) {
    Words all = {"-c", "a.c"};
    all.insert(all.end(), args.begin(), args.end());
    EXPECT_EQ(bypass_of(all).reason, Reason::kUnsupportedCompilerOption)
        << ::testing::PrintToString(args);
  }
  EXPECT_EQ(bypass_of({"-c", "a.S", "--coverage"}).reason, Reason::kUnsupportedCompilerOption);
}

TEST(Parse, Languages) {
  struct Case {
    const char* source;
    Language language;
  };
  for (const Case& c :
       {Case{"a.c", Language::kC}, Case{"a.cc", Language::kCxx}, Case{"a.cpp", Language::kCxx},
        Case{"a.cxx", Language::kCxx}, Case{"a.c++", Language::kCxx}, Case{"a.C", Language::kCxx},
        Case{"a.CPP", Language::kCxx}, Case{"a.cp", Language::kCxx},
        Case{"a.S", Language::kAssemblerWithCpp}, Case{"a.s", Language::kAssembler}}) {
    EXPECT_EQ(parsed({"-c", c.source}).language, c.language) << c.source;
  }
  EXPECT_EQ(understood({}, Family::kGcc, true).language, Language::kCxx);
  EXPECT_EQ(parsed({"-c", "-xc", "a.cc"}, Family::kGcc, true).language, Language::kC);
  EXPECT_EQ(parsed({"-c", "-x", "c++", "a"}).language, Language::kCxx);
  EXPECT_EQ(bypass_of({"-c", "a.c", "-x", "c++"}).detail, "-x");  // comes after the source
  EXPECT_EQ(parsed({"-c", "-x", "assembler", "a"}).language, Language::kAssembler);
  EXPECT_EQ(bypass_of({"-S", "a.s"}).reason, Reason::kUnsupportedSourceLanguage);
  for (const char* source : {"a.i", "a.ii", "a.m", "a.mm", "a.cppm", "a.ixx", "a.h", "a.hpp",
                             "a.f90", "a", "a.o", "a.CC", ".c", "d/.c"}) {
    EXPECT_EQ(bypass_of({"-c", source}).reason, Reason::kUnsupportedSourceLanguage) << source;
  }
  for (const char* name :
       {"c-header", "c++-header", "objective-c", "cpp-output", "c++-module", "ir"}) {
    EXPECT_EQ(bypass_of({"-c", "-x", name, "a.c"}).reason, Reason::kUnsupportedSourceLanguage);
  }
  EXPECT_EQ(bypass_of({"-c", "-x", "c", "-x", "c++", "a.c"}).reason,
            Reason::kUnsupportedCompilerOption);
}

TEST(Parse, DefaultOutputs) {
  EXPECT_THAT(paths_of(understood({})), ElementsAre("a.o"));
  EXPECT_THAT(paths_of(understood({"-S"})), ElementsAre("a.s"));
  EXPECT_THAT(paths_of(parsed({"-S", "d.e/a.b.c"})), ElementsAre("a.b.s"));
}

TEST(Parse, ValuesAreNeverSources) {
  const Invocation invocation =
      understood({"-imacros",  "b.c",      "-include",  "c.c",     "-isystem", "d.c", "-idirafter",
                  "e.c",       "--param",  "f.c",       "-MD",     "-MF",      "g.c", "-MT",
                  "h.c",       "-MQ",      "i.c",       "-D",      "j.c",      "-U",  "k.c",
                  "-I",        "l.c",      "-L",        "m.c",     "-l",       "n.c", "-z",
                  "o.c",       "-Xlinker", "p.c",       "-iquote", "q.c",      "-B",  "r.c",
                  "-isysroot", "s.c",      "--sysroot", "t.c",     "-iprefix", "u.c"});
  EXPECT_EQ(invocation.source, "a.c");
}

// Flags as projects and distributions use them.
TEST(Parse, EverydayFlagsAreUnderstood) {
  for (const Words& args : {
           // Debian's and Fedora's hardening
           Words{"-g", "-O2", "-ffile-prefix-map=/src=.", "-fstack-protector-strong",
                 "-fstack-clash-protection", "-Wformat", "-Werror=format-security",
                 "-fcf-protection", "-D_FORTIFY_SOURCE=2", "-Wdate-time", "-fexceptions", "-pipe",
                 "-Wp,-D_GLIBCXX_ASSERTIONS", "-fasynchronous-unwind-tables", "-m64",
                 "-mtune=generic", "-fno-omit-frame-pointer", "-mno-omit-leaf-frame-pointer"},
           // large C++ projects
           Words{"-fPIC",
                 "-fno-semantic-interposition",
                 "-fvisibility=hidden",
                 "-fvisibility-inlines-hidden",
                 "-fno-exceptions",
                 "-fno-rtti",
                 "-funwind-tables",
                 "-ffunction-sections",
                 "-fdata-sections",
                 "-fdiagnostics-color=always",
                 "-std=gnu++20",
                 "-pthread",
                 "-DNDEBUG",
                 "-ftemplate-depth=1024",
                 "-fno-strict-aliasing",
                 "-fno-math-errno",
                 "-fno-trapping-math",
                 "-fno-ident",
                 "-Winvalid-pch",
                 "-isystem",
                 "/opt/x",
                 "-fsized-deallocation",
                 "-fno-plt"},
           // kernels and firmware
           Words{"-nostdinc",
                 "-ffreestanding",
                 "-fno-common",
                 "-fno-pie",
                 "-mcmodel=kernel",
                 "-mno-red-zone",
                 "-mno-sse",
                 "-mno-mmx",
                 "-mno-80387",
                 "-mpreferred-stack-boundary=3",
                 "-mskip-rax-setup",
                 "-mindirect-branch=thunk-extern",
                 "-fno-jump-tables",
                 "-fno-delete-null-pointer-checks",
                 "-fno-allow-store-data-races",
                 "-fconserve-stack",
                 "-fno-strict-overflow",
                 "-std=gnu11",
                 "-fno-asynchronous-unwind-tables",
                 "-mharden-sls=all",
                 "-ftrivial-auto-var-init=zero",
                 "-fzero-call-used-regs=used-gpr",
                 "--param=allow-store-data-races=0",
                 "-falign-functions=16",
                 "-fwrapv",
                 "-fcommon"},
           // numerics and media
           Words{"-Ofast", "-march=haswell", "-mavx2", "-mfma", "-msse4.2", "-mfpmath=sse",
                 "-ffast-math", "-funroll-loops", "-fopenmp", "-fno-tree-vectorize",
                 "-fomit-frame-pointer", "-fno-signed-zeros", "-fmax-errors=1", "-flto=auto",
                 "-ffat-lto-objects", "-fuse-ld=gold", "-fsanitize=address,undefined",
                 "-fno-sanitize-recover=all", "-fprofile-update=atomic"},
       }) {
    understood(args);
    understood(args, Family::kClang);
  }
  understood({"-Qunused-arguments", "-fcolor-diagnostics", "-Weverything", "-stdlib=libc++",
              "--target=aarch64-linux-gnu", "-fexperimental-new-constant-interpreter", "-Xclang",
              "-fno-pch-timestamp", "-fno-limit-debug-info", "-gline-tables-only",
              "-fdebug-compilation-dir=.", "-no-canonical-prefixes", "-fcoverage-mapping",
              "-fprofile-instr-generate", "-resource-dir=/x", "-fno-spell-checking"},
             Family::kClang);
}

// Whether the source expands them, the run shows.
TEST(Parse, MacrosMayBeAnything) {
  for (const char* word : {"-DX=__TIME__", "-DX(y)=__has_include(y)", "-DX=1\n#define Y 2"}) {
    EXPECT_THAT(understood({word}).key_args, Contains("-D\0"s + (word + 2))) << word;
  }
  EXPECT_THAT(understood({"-Wp,-DX=__TIME__"}).key_args, Contains("-Wp,\0-DX=__TIME__"s));
}

TEST(Parse, WordsForOtherPrograms) {
  EXPECT_THAT(understood({"-Wp,-D_FORTIFY_SOURCE=2"}).key_args,
              Contains("-Wp,\0-D_FORTIFY_SOURCE=2"s));
  EXPECT_THAT(understood({"-Wp,-U_FORTIFY_SOURCE,-D_FORTIFY_SOURCE=2"}).key_args,
              Contains("-Wp,\0-U_FORTIFY_SOURCE,-D_FORTIFY_SOURCE=2"s));
  EXPECT_THAT(understood({"-Wl,-z,relro", "-Wa,--noexecstack"}).key_args,
              Contains("-Wl,\0-z,relro"s));
  EXPECT_FALSE(understood({"-Wa,--noexecstack"}).is_word_for_word);
  EXPECT_FALSE(understood({"-Wa,-mtune=generic32,-march=i486"}).is_word_for_word);
  EXPECT_TRUE(understood({"-Wa,--noexecstack,--MD,x"}).is_word_for_word);
  EXPECT_TRUE(understood({"-Wa,-march=native"}).is_word_for_word);
  EXPECT_TRUE(understood({"-Xclang", "-load"}, Family::kClang).is_word_for_word);
}

TEST(Parse, ResponseFilesAreExpanded) {
  const Words args = {"-c", "@flags", "-o", "x.o"};
  const auto parsed = parse(Family::kGcc, false, args, [](std::string_view path) {
    return path == "flags" ? std::optional<std::string>("-O2 'a b.c'") : std::nullopt;
  });
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->source, "a b.c");
  EXPECT_THAT(parsed->key_args, Contains("-O\0"s
                                         "2"));
  EXPECT_THAT(parsed->key_args, Not(Contains("@flags")));
}

}  // namespace
}  // namespace zc::compiler::c
