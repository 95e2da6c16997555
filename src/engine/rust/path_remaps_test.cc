#include "engine/rust/path_remaps.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "support/mem_file_system.h"

namespace zc::engine::rust {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class PathRemapsTest : public testing::Test {
 protected:
  PathRemapsTest() {
    fs_.make_directory("/home/me/project/.git");
    fs_.make_directory("/home/me/project/crates/a");
  }

  // What remap_paths makes of a request with these variables.
  Compile& remapped(std::vector<ByteView> env) {
    env_ = std::move(env);
    wire::CompileRequest request;
    request.tool = "/bin/rustc";
    request.cwd = cwd_;
    request.env = env_;
    compile_.emplace(fs_, files_, scans_, request);
    compile_->invocation.caps_lints = caps_lints_;
    remap_paths(fs_, *compile_);
    return *compile_;
  }

  test::MemFileSystem fs_;
  files::FileCache files_{fs_, nullptr};
  ObjectScans scans_{fs_, files_};
  std::string cwd_ = "/home/me/project/crates/a";
  bool caps_lints_ = false;
  std::vector<ByteView> env_;
  std::optional<Compile> compile_;
};

TEST_F(PathRemapsTest, NothingIsMappedUnlessAskedFor) {
  for (const char* value :
       {"ZCCACHE_PATH_REMAP=", "ZCCACHE_PATH_REMAP=1", "OTHER=auto", "ZCCACHE_PATH_REMAP=AUTO"}) {
    const Compile& compile = remapped({value, "OUT_DIR=/t/out"});
    EXPECT_THAT(compile.injected, IsEmpty()) << value;
    EXPECT_THAT(compile.remapped, IsEmpty()) << value;
    EXPECT_TRUE(compile.roots.all().empty()) << value;
  }
}

TEST_F(PathRemapsTest, TheCheckoutIsTheNearestDirectoryWithGit) {
  const Compile& compile = remapped({"ZCCACHE_PATH_REMAP=auto", "OUT_DIR=/t/out"});
  EXPECT_THAT(compile.injected, ElementsAre("--remap-path-prefix=/home/me/project=."));
  EXPECT_THAT(compile.remapped, ElementsAre("checkout"));
  EXPECT_EQ(compile.roots.directory_of("checkout"), "/home/me/project");
  EXPECT_EQ(compile.roots.directory_of("out"), std::nullopt) << "people have to find these files";
}

TEST_F(PathRemapsTest, AWorktreeHasAFileOfThatName) {
  fs_.write("/home/me/project/crates/a/.git", "gitdir: /elsewhere\n");
  EXPECT_THAT(remapped({"ZCCACHE_PATH_REMAP=auto"}).injected,
              ElementsAre("--remap-path-prefix=/home/me/project/crates/a=."));
}

TEST_F(PathRemapsTest, WithoutGitItIsTheCwd) {
  fs_.remove("/home/me/project/.git");
  fs_.make_directory("/.git");  // the root directory is no checkout
  EXPECT_THAT(remapped({"ZCCACHE_PATH_REMAP=auto"}).injected,
              ElementsAre("--remap-path-prefix=/home/me/project/crates/a=."));
}

TEST_F(PathRemapsTest, TheRootDirectoryIsNeverMapped) {
  for (const char* root : {"/", "//", "///"}) {
    const std::string setting = str_cat("ZCCACHE_WORKTREE_ROOT=", root);
    const Compile& compile = remapped({"ZCCACHE_PATH_REMAP=auto", setting});
    EXPECT_THAT(compile.injected, IsEmpty()) << root;
    EXPECT_THAT(compile.remapped, IsEmpty()) << root;
  }
}

TEST_F(PathRemapsTest, TheUserMaySayWhatTheCheckoutIs) {
  EXPECT_THAT(remapped({"ZCCACHE_PATH_REMAP=auto", "ZCCACHE_WORKTREE_ROOT=/home/me"}).injected,
              ElementsAre("--remap-path-prefix=/home/me=."));
  EXPECT_THAT(remapped({"ZCCACHE_PATH_REMAP=auto", "ZCCACHE_WORKTREE_ROOT=me"}).injected,
              ElementsAre("--remap-path-prefix=/home/me/project=."))
      << "a path that is not absolute says nothing";
}

TEST_F(PathRemapsTest, OfACrateOfARegistryItIsOnlyTheOutputOfItsBuildScript) {
  caps_lints_ = true;
  const Compile& compile = remapped({"ZCCACHE_PATH_REMAP=auto", "OUT_DIR=/t/out"});
  EXPECT_THAT(compile.injected, ElementsAre("--remap-path-prefix=/t/out=OUT_DIR"));
  EXPECT_THAT(compile.remapped, ElementsAre("out"));
  EXPECT_EQ(compile.roots.directory_of("out"), "/t/out");
  EXPECT_EQ(compile.roots.directory_of("checkout"), std::nullopt);
}

TEST_F(PathRemapsTest, WhatCannotBeMappedIsNoPlace) {
  caps_lints_ = true;
  for (const char* out : {"OUT_DIR=", "OUT_DIR=out", "OUT_DIR=/", "OUT_DIR=/t/\xff", "X=/t"}) {
    const Compile& compile = remapped({"ZCCACHE_PATH_REMAP=auto", out});
    EXPECT_THAT(compile.injected, IsEmpty()) << out;
    EXPECT_THAT(compile.remapped, IsEmpty()) << out;
    EXPECT_TRUE(compile.roots.all().empty()) << out;
  }
  caps_lints_ = false;
  cwd_ = "/";
  EXPECT_THAT(remapped({"ZCCACHE_PATH_REMAP=auto"}).injected, IsEmpty());
}

TEST_F(PathRemapsTest, AnEqualsSignInTheDirectoryIsNotTheOneBetween) {
  fs_.make_directory("/a=b/.git");
  cwd_ = "/a=b";
  EXPECT_THAT(remapped({"ZCCACHE_PATH_REMAP=auto"}).injected,
              ElementsAre("--remap-path-prefix=/a=b=."));
}

TEST_F(PathRemapsTest, WhatIsRemappedIsWhatLiesInThePlace) {
  const Compile& compile =
      remapped({"ZCCACHE_PATH_REMAP=auto", "ZCCACHE_WORKTREE_ROOT=/home/me/project/"});
  for (const char* inside : {"/home/me/project", "/home/me/project/", "/home/me/project/a/b"}) {
    EXPECT_TRUE(compile.is_remapped(inside)) << inside;
  }
  for (const char* outside : {"/home/me/project2", "/home/me", "a.rs", "", "/home/me/./project"}) {
    EXPECT_FALSE(compile.is_remapped(outside)) << outside;
  }
}

}  // namespace
}  // namespace zc::engine::rust
