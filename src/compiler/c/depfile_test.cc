#include "compiler/c/depfile.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/c/parse.h"
#include "compiler/detect.h"
#include "support/real_compiler.h"
#include "support/temporary_directory.h"

namespace zc::compiler::c {
namespace {

using ::testing::ElementsAre;
using Words = std::vector<std::string>;

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

DepRequest request_for(Words targets, bool phony = false) {
  return {.style = DepStyle::kAll, .path = "x.d", .targets = std::move(targets), .phony = phony};
}

TEST(Depfile, QuotesLikeMake) {
  EXPECT_EQ(quote_for_make("plain/a.o"), "plain/a.o");
  EXPECT_EQ(quote_for_make("a b"), "a\\ b");
  EXPECT_EQ(quote_for_make("a\tb"), "a\\\tb");
  EXPECT_EQ(quote_for_make("a\\ b"), "a\\\\\\ b");
  EXPECT_EQ(quote_for_make("a\\b"), "a\\b");
  EXPECT_EQ(quote_for_make("$#:%"), "$$\\#:%");
}

TEST(Depfile, ReadsBackOddNames) {
  const Words deps = {"a b.c", "c$d.h", "e#f.h", "g\\h.h", "i\\\\ j.h", "k:l.h", "m%n.h", "\\#o"};
  for (const bool phony : {false, true}) {
    const DepRequest request = request_for({"a.o", "two"}, phony);
    const std::string text = write_depfile(request, deps, Family::kGcc);
    const auto back = parse_depfile(text, request, Family::kGcc);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(*back, deps);
  }
}

TEST(Depfile, OldClangSeparatesPhonyTargets) {
  const DepRequest request = request_for({"a.o"}, true);
  const Words deps = {"a.c", "b.h"};
  EXPECT_EQ(write_depfile(request, deps, Family::kClang), "a.o: a.c b.h\nb.h:\n");
  EXPECT_EQ(write_depfile(request, deps, Family::kClangOld), "a.o: a.c b.h\n\nb.h:\n");
  EXPECT_EQ(write_depfile(request, deps, Family::kGcc), "a.o: a.c b.h\nb.h:\n");
}

TEST(Depfile, RefusesWhatItWouldNotWrite) {
  const DepRequest request = request_for({"a.o"});
  for (const char* text :
       {"", "b.o: a.c\n", "a.o: a.c", "a.o : a.c\n", "a.o:  a.c\n", "a.o: a.c \\\n b.h\n",
        "a.o: $x\n", "a.o: a.c\n\nb.h:\n", "a.o: a.c\nb.o: c.h\n", "a.o:\\\n a.c\n", "a.o: a\\"}) {
    EXPECT_FALSE(parse_depfile(text, request, Family::kGcc)) << text;
    EXPECT_FALSE(parse_depfile(text, request, Family::kClang)) << text;
  }
  EXPECT_THAT(*parse_depfile("a.o: a.c b.h\n", request, Family::kGcc), ElementsAre("a.c", "b.h"));
}

// Compiles sources with odd names and many headers, and requests their depfiles in many ways.
class DepfileOfRealCompiler : public ::testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    const std::filesystem::path path = directory_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
  }

  // A tree of headers with names of all lengths, so that lines break at every column.
  void write_headers() {
    std::string all = "#include <stdio.h>\n";
    for (int i = 1; i < 90; ++i) {
      const std::string name = std::string(static_cast<std::size_t>(i), 'h') + ".h";
      write(name, "int a" + std::to_string(i) + ";\n");
      all += "#include \"" + name + "\"\n";
    }
    for (const char* name : {"s p.h", "d$l.h", "h#h.h", "c:n.h", "p%c.h", "dir/../dir/x.h",
                             "dir/sub dir/y.h", "two  blanks.h"}) {
      write(name, "int b;\n");
      all += std::string("#include \"") + name + "\"\n";
    }
    write("all.h", all);
    write("dir/x.h", "\n");
  }

  // The command must be understood, and what it writes must be what we write.
  void expect_same(const test::RealCompiler& compiler, Words args) {
    const Family family = *family_from_version(compiler.run({"--version"}, "/").out);
    const auto invocation =
        parse(family, false, args, [](std::string_view) { return std::nullopt; });
    ASSERT_TRUE(invocation) << invocation.error().detail;
    std::filesystem::remove(directory_ / invocation->dep.path);
    const auto output = compiler.run(args, directory_.path());
    ASSERT_EQ(output.exit_code, 0) << output.err;
    const std::string text = slurp(directory_ / invocation->dep.path);
    ASSERT_FALSE(text.empty()) << invocation->dep.path;
    const auto deps = parse_depfile(text, invocation->dep, family);
    ASSERT_TRUE(deps) << compiler.path << " " << ::testing::PrintToString(args) << "\n"
                      << text << "ours:\n"
                      << write_depfile(invocation->dep, Words{invocation->source}, family);
    EXPECT_EQ(deps->front(), invocation->source.starts_with("./") ? invocation->source.substr(2)
                                                                  : invocation->source);
    for (const std::string& dep : *deps) {
      EXPECT_TRUE(std::filesystem::exists(dep.starts_with('/') ? dep : directory_ / dep)) << dep;
    }
    EXPECT_TRUE(std::filesystem::exists(directory_ / invocation->outputs.front().path));
  }

  void for_each_compiler(const std::vector<Words>& commands) {
    const auto compilers = test::real_compilers();
    if (compilers.empty()) {
      GTEST_SKIP() << "no compiler is installed";
    }
    for (const auto& compiler : compilers) {
      for (const Words& command : commands) {
        expect_same(compiler, command);
      }
    }
  }

  test::TemporaryDirectory directory_;
};

TEST_F(DepfileOfRealCompiler, LongListsAndOddNames) {
  write_headers();
  write("a.c", "#include \"all.h\"\n");
  write("o d$/we ird#:%.c", "#include \"../all.h\"\n");
  for_each_compiler({
      {"-c", "a.c", "-MD"},
      {"-c", "a.c", "-MMD"},
      {"-c", "a.c", "-MMD", "-MP"},
      {"-c", "./a.c", "-MD", "-MP", "-o", "./b.o"},
      {"-c", "o d$/we ird#:%.c", "-MMD", "-MP"},
      {"-c", "o d$/we ird#:%.c", "-MMD", "-o", "o d$/x y#z$.o"},
      {"-c", "a.c", "-MMD", "-include", "s p.h", "-MP"},
      {"-S", "a.c", "-MMD"},
      {"-S", "a.c", "-MMD", "-o", "q.s"},
  });
}

TEST_F(DepfileOfRealCompiler, TargetsOfEveryKind) {
  write("a.c", "int x;\n");
  const std::string long_name(70, 't');
  for_each_compiler({
      {"-c", "a.c", "-MMD", "-MT", "one"},
      {"-c", "a.c", "-MMD", "-MTone", "-MQtwo", "-MFx.d"},
      {"-c", "a.c", "-MMD", "-MT", "o ne$#", "-MQ", "t wo$#\\ x"},
      {"-c", "a.c", "-MMD", "-MQ", "q1", "-MQ", "q2", "-MQ", "q3", "-MT", "t1"},
      {"-c", "a.c", "-MMD", "-MT", "t1", "-MQ", "q1", "-MT", "t2", "-MQ", "q2", "-MT", "t3"},
      {"-c", "a.c", "-MMD", "-MT", "./t", "-MQ", ".//q", "-MT", "././/t"},
      {"-c", "a.c", "-MMD", "-MT", long_name, "-MQ", long_name, "-MT", "a", "-MT", "b"},
      {"-c", "a.c", "-MMD", "-MF", "first.d", "-MF", "last.d"},
      {"-c", "a.c", "-MMD", "-o", "out"},
      {"-c", "a.c", "-MMD", "-o", "out."},
      {"-c", "a.c", "-MMD", "-o", ".hidden"},
      {"-c", "a.c", "-MMD", "-o", "a.b.c.o"},
      {"-c", "a.c", "-MMD", "-oj.o"},
  });
}

TEST_F(DepfileOfRealCompiler, LinesBreakWhereTheCompilerBreaksThem) {
  write_headers();
  std::vector<Words> commands;
  for (std::size_t length = 58; length < 78; ++length) {
    commands.push_back(
        {"-c", "a.c", "-MMD", "-MT", std::string(length, 't'), "-MT", "u", "-MT", "vvv"});
  }
  write("a.c", "#include \"h.h\"\n#include \"s p.h\"\n#include \"h#h.h\"\n#include \"hhhh.h\"\n");
  for_each_compiler(commands);
}

}  // namespace
}  // namespace zc::compiler::c
