#include "engine/c/path_remaps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compiler/c/parse.h"
#include "engine/c/compile.h"
#include "support/mem_file_system.h"

namespace zc::engine::c {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class CPathRemapsTest : public testing::Test {
 protected:
  CPathRemapsTest() {
    fs_.make_directory("/home/me/one/.git");
    fs_.make_directory("/home/me/one/build");
    fs_.make_directory("/home/me/two");
    fs_.link("/home/me/link", "/home/me/one");
  }

  // What remap_paths makes of a command with these words.
  const std::optional<PathRemap>& remapped(const std::vector<std::string>& words,
                                           std::vector<ByteView> env = {
                                               "ZCCACHE_PATH_REMAP=auto"}) {
    env_ = std::move(env);
    wire::CompileRequest request;
    request.tool = tool_;
    request.cwd = cwd_;
    request.env = env_;
    compile_.emplace(fs_, files_, scans_, times_, request);
    auto toolchain = std::make_shared<Toolchain>();
    toolchain->version = version_;
    compile_->toolchain = std::move(toolchain);
    std::vector<std::string> args = {"-c", "a.c"};
    args.insert(args.end(), words.begin(), words.end());
    auto invocation = compiler::c::parse(compiler::c::Family::kGcc, false, args,
                                         [](std::string_view) { return std::nullopt; });
    EXPECT_TRUE(invocation);
    if (invocation) {
      compile_->invocation = *std::move(invocation);
    }
    remap_paths(fs_, *compile_);
    return compile_->remap;
  }
  std::vector<std::string> injected(const std::vector<std::string>& words) {
    const auto& remap = remapped(words);
    return remap ? remap->injected : std::vector<std::string>{"none"};
  }
  bool is_bound(const std::vector<std::string>& words,
                std::vector<ByteView> env = {"ZCCACHE_PATH_REMAP=auto"}) {
    const auto& remap = remapped(words, std::move(env));
    EXPECT_TRUE(remap);
    return remap && remap->is_bound;
  }

  test::MemFileSystem fs_;
  files::FileCache files_{fs_, nullptr};
  ObjectScans scans_{fs_, files_};
  ComparedTimes times_{fs_};
  std::string version_ = "gcc (Debian 12.2.0-14) 12.2.0\nFree Software Foundation, Inc.\n";
  std::string tool_ = "/usr/bin/gcc";
  std::string cwd_ = "/home/me/one/build";
  std::vector<ByteView> env_;
  std::optional<Compile> compile_;
};

TEST_F(CPathRemapsTest, NothingIsMappedUnlessAskedFor) {
  for (const char* value :
       {"ZCCACHE_PATH_REMAP=", "ZCCACHE_PATH_REMAP=1", "OTHER=auto", "ZCCACHE_PATH_REMAP=AUTO"}) {
    EXPECT_FALSE(remapped({}, {value})) << value;
    EXPECT_TRUE(compile_->roots.all().empty()) << value;
  }
}

TEST_F(CPathRemapsTest, TheCheckoutIsTheNearestDirectoryWithGit) {
  EXPECT_THAT(injected({"-g"}), ElementsAre("-fdebug-prefix-map=/home/me/one/=./",
                                            "-fmacro-prefix-map=/home/me/one/=./"));
  EXPECT_EQ(compile_->roots.directory_of("checkout"), "/home/me/one");
}

TEST_F(CPathRemapsTest, OrTheWorkingDirectoryWhichHasNoSlash) {
  cwd_ = "/home/me/two";
  EXPECT_THAT(injected({}), ElementsAre("-fdebug-prefix-map=/home/me/two=.",
                                        "-fmacro-prefix-map=/home/me/two=."));
}

TEST_F(CPathRemapsTest, OrWhatTheVariableSaysIfTheWorkingDirectoryIsThere) {
  const auto told = [&](const char* variable) {
    const auto& remap = remapped({}, {"ZCCACHE_PATH_REMAP=auto", variable});
    return remap ? remap->checkout : "none";
  };
  EXPECT_EQ(told("ZCCACHE_WORKTREE_ROOT=/home/me"), "/home/me");
  EXPECT_EQ(told("ZCCACHE_WORKTREE_ROOT=/home/me/"), "/home/me");
  EXPECT_EQ(told("ZCCACHE_WORKTREE_ROOT=me"), "/home/me/one");
  EXPECT_EQ(told("ZCCACHE_WORKTREE_ROOT=/home/me/two"), "none");
  EXPECT_EQ(told("ZCCACHE_WORKTREE_ROOT=/home/me/link"), "none") << "it leads there by a symlink";
  EXPECT_EQ(told("ZCCACHE_WORKTREE_ROOT=/"), "none");
}

TEST_F(CPathRemapsTest, NamesThatAreWrittenInMoreThanOneWayAreNotMapped) {
  for (const char* name : {"/a b", "/a=b", "/a$b", "/a#b", "/a\"b", "/a\\b", "/\xc3\xa4"}) {
    fs_.make_directory(name);
    cwd_ = name;
    EXPECT_FALSE(remapped({})) << name;
  }
}

TEST_F(CPathRemapsTest, CompilersThatLackTheMapsGetNone) {
  for (const char* version : {"gcc (GCC) 7.5.0\nFree Software Foundation, Inc.\n",
                              "clang version 9.0.1\n", "gcc\nFree Software Foundation, Inc.\n"}) {
    version_ = version;
    EXPECT_FALSE(remapped({})) << version;
  }
  version_ = "Debian clang version 14.0.6\n";
  EXPECT_TRUE(remapped({}));
}

TEST_F(CPathRemapsTest, ACompilerOfTheCheckoutFindsItsHeadersThere) {
  tool_ = "/home/me/one/bin/gcc";
  EXPECT_FALSE(remapped({}));
}

TEST_F(CPathRemapsTest, CommandsThatHidePathsAreLeftAlone) {
  for (const char* word : {"-flto", "--coverage", "-gz", "-fsanitize=address", "-gsplit-dwarf",
                           "-Wa,--noexecstack", "-B/x", "-funknown-option"}) {
    EXPECT_FALSE(remapped({word})) << word;
  }
}

TEST_F(CPathRemapsTest, MapsOfTheUserAreNotOverridden) {
  EXPECT_THAT(injected({"-ffile-prefix-map=/home/me/one=x"}), IsEmpty());
  EXPECT_THAT(injected({"-ffile-prefix-map=/home/me/one/=x/"}), IsEmpty());
  EXPECT_THAT(injected({"-fdebug-prefix-map=/home/me/one=x"}),
              ElementsAre("-fmacro-prefix-map=/home/me/one/=./"));
  EXPECT_THAT(injected({"-fmacro-prefix-map=/home/me/one=x"}),
              ElementsAre("-fdebug-prefix-map=/home/me/one/=./"));
  // A longer one wins in each compiler, as ours come first.
  EXPECT_THAT(injected({"-ffile-prefix-map=/home/me/one/src=x"}), testing::SizeIs(2));
  EXPECT_THAT(injected({"-ffile-prefix-map=/other=x"}), testing::SizeIs(2));
}

TEST_F(CPathRemapsTest, AMapThatLeavesPartOfTheNameIsTheOnlyOne) {
  for (const char* word : {"-ffile-prefix-map=/home/me=x", "-fdebug-prefix-map=/home/me/on=x",
                           "-fmacro-prefix-map==x"}) {
    EXPECT_FALSE(remapped({word})) << word;
  }
}

TEST_F(CPathRemapsTest, WordsThatLeadToTheCheckoutFromAnywhereBindIt) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"-DROOT=\"/home/me/one\""},
                                             {"-DROOT=/home/./me//one/x"},
                                             {"-I/home/me"},
                                             {"-I", "/home/me/"},
                                             {"-isystem", "/"},
                                             {"-I/home/./me/one/include"},
                                             {"-I/home/me/one/home/me/one"},
                                             {"-include", "/home/me/all.h"},
                                             {"-ffile-prefix-map=/x=/home/me/one"},
                                             {"--sysroot=/home/me/one/sys"},
                                             {"-L/home/me/one/lib"}}) {
    EXPECT_TRUE(is_bound(words)) << words.back();
  }
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"-I/home/me/one/include"},
                                             {"-I/home/me/lib"},
                                             {"-I../include"},
                                             {"-isystem", "/home/me/one"},
                                             {"-include", "/home/me/one/all.h"},
                                             {"-include", "all.h"},
                                             {"-ffile-prefix-map=/home/me/one=."},
                                             {"-DX=/home/me/on"}}) {
    EXPECT_FALSE(is_bound(words)) << words.back();
  }
}

TEST_F(CPathRemapsTest, VariablesThatLeadToTheCheckoutBindIt) {
  for (const char* variable : {"CPATH=/x:/home/me/one/include", "C_INCLUDE_PATH=/home/me:/x",
                               "COMPILER_PATH=/home//me/one"}) {
    EXPECT_TRUE(is_bound({}, {"ZCCACHE_PATH_REMAP=auto", variable})) << variable;
  }
  for (const char* variable : {"CPATH=include", "PWD=/home/me/one/build", "CPATH=/opt/include"}) {
    EXPECT_FALSE(is_bound({}, {"ZCCACHE_PATH_REMAP=auto", variable})) << variable;
  }
}

}  // namespace
}  // namespace zc::engine::c
