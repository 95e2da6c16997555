#include "engine/rust/toolchain.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "support/made_up_rustc.h"
#include "support/mem_file_system.h"

namespace zc::engine::rust {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;

constexpr const char* kProgram =
    "\x7f"
    "ELF program";
constexpr const char* kHostLibraries = "/rust/lib/rustlib/x86_64-unknown-linux-gnu/lib";
constexpr const char* kMusl = "x86_64-unknown-linux-musl";
constexpr const char* kMuslLibraries = "/rust/lib/rustlib/x86_64-unknown-linux-musl/lib";

class RustToolchainTest : public testing::Test {
 protected:
  RustToolchainTest() {
    given_toolchain("/rust");
    fs_.make_directory("/w/project");
    rustc_.loaded["/rust/bin/rustc"] =
        "\tlinux-vdso.so.1 (0x1)\n"
        "\tlibrustc_driver.so => /rust/lib/librustc_driver.so (0x2)\n"
        "\t/lib64/ld-linux-x86-64.so.2 (0x3)\n";
    fs_.write("/lib64/ld-linux-x86-64.so.2", "loader");
    fs_.tick();
  }

  void given_toolchain(const std::string& sysroot) {
    for (const char* program : {"rustc", "clippy-driver"}) {
      fs_.write(str_cat(sysroot, "/bin/", program), kProgram);
    }
    fs_.write(sysroot + "/lib/librustc_driver.so", "driver");
    fs_.write(sysroot + "/lib/rustlib/x86_64-unknown-linux-gnu/lib/libstd.rlib", "std");
    fs_.write(sysroot + "/lib/rustlib/x86_64-unknown-linux-gnu/lib/self-contained/crt1.o", "");
  }
  // What rustup installs: /cargo/bin/rustc and the like are rustup itself.
  void given_rustup() {
    fs_.write("/cargo/bin/rustup", kProgram);
    fs_.hard_link("/cargo/bin/rustc", "/cargo/bin/rustup");
    fs_.link("/cargo/bin/clippy-driver", "rustup");
    tool_ = {
        .path = "/cargo/bin/rustc", .compiler = "/cargo/bin/rustc", .chosen = {}, .target = {}};
    fs_.tick();
  }

  Result<std::shared_ptr<const Toolchain>> identify() {
    const std::vector<std::string_view> views(env_.begin(), env_.end());
    const RequestEnvironment env(views);
    return toolchains_.identify({.tool = tool_.path, .env = env, .cwd = cwd_}, tool_);
  }
  Toolchain identified() {
    const auto toolchain = identify();
    EXPECT_TRUE(toolchain) << toolchain.error().message;
    return toolchain ? **toolchain : Toolchain();
  }
  std::string refused() {
    const auto toolchain = identify();
    EXPECT_FALSE(toolchain);
    return toolchain ? "" : toolchain.error().message;
  }
  static std::vector<std::string> files(const Toolchain& toolchain, bool present = true) {
    std::vector<std::string> out;
    for (const ToolchainFile& file : toolchain.files) {
      if (file.present == present) {
        out.push_back(file.path);
      }
    }
    return out;
  }

  test::MemFileSystem fs_;
  files::FileCache files_{fs_, nullptr};
  test::MadeUpRustc rustc_;
  Toolchains toolchains_{fs_, files_, rustc_};
  RustTool tool_ = {
      .path = "/rust/bin/rustc", .compiler = "/rust/bin/rustc", .chosen = {}, .target = {}};
  std::vector<std::string> env_ = {"HOME=/home/me"};
  std::string cwd_ = "/w/project";
};

// --- what belongs to it

TEST_F(RustToolchainTest, ProgramItsLibrariesAndThoseOfTheHost) {
  const Toolchain toolchain = identified();
  EXPECT_THAT(files(toolchain),
              testing::UnorderedElementsAre("/rust/bin/rustc", "/rust/lib/librustc_driver.so",
                                            "/lib64/ld-linux-x86-64.so.2", kHostLibraries,
                                            std::string(kHostLibraries) + "/libstd.rlib"));
  EXPECT_EQ(toolchain.version, rustc_.version);
}

TEST_F(RustToolchainTest, RustcIsAskedAsTheRequestWouldRunIt) {
  env_ = {"HOME=/home/me", "LANG=de_DE", "LC_ALL=de_DE", "X=1"};
  (void)identified();
  ASSERT_GE(rustc_.asked.size(), 2U);
  EXPECT_THAT(rustc_.asked[0].args, ElementsAre("/rust/bin/rustc", "--print", "sysroot"));
  EXPECT_THAT(rustc_.asked[1].args, ElementsAre("/rust/bin/rustc", "-vV"));
  for (const os::Command& command : rustc_.asked) {
    EXPECT_EQ(command.cwd, "/w/project");
    EXPECT_THAT(command.env, IsSupersetOf({"HOME=/home/me", "X=1", "LC_ALL=C"}));
    EXPECT_THAT(command.env, AllOf(Not(Contains("LANG=de_DE")), Not(Contains("LC_ALL=de_DE"))));
  }
}

TEST_F(RustToolchainTest, AToolHasItsRustcBesideIt) {
  tool_.path = "/rust/bin/clippy-driver";
  const Toolchain toolchain = identified();
  EXPECT_THAT(files(toolchain), IsSupersetOf({"/rust/bin/clippy-driver", "/rust/bin/rustc"}));
  EXPECT_EQ(rustc_.asked[0].args[0], "/rust/bin/rustc") << "only it is asked";
}

TEST_F(RustToolchainTest, AnotherTargetHasItsLibraries) {
  fs_.write(std::string(kMuslLibraries) + "/libstd.rlib", "std");
  fs_.tick();
  EXPECT_THAT(files(identified()), Not(Contains(kMuslLibraries)));
  tool_.target = kMusl;
  EXPECT_THAT(files(identified()),
              IsSupersetOf({std::string(kHostLibraries), std::string(kMuslLibraries),
                            std::string(kMuslLibraries) + "/libstd.rlib"}));
}

TEST_F(RustToolchainTest, ATargetThatIsNotInstalledMustStayAway) {
  tool_.target = kMusl;
  EXPECT_THAT(files(identified(), false), Contains(kMuslLibraries));
  (void)identified();
  EXPECT_EQ(rustc_.probes(), 1U);
  fs_.write(std::string(kMuslLibraries) + "/libstd.rlib", "std");
  fs_.tick();
  EXPECT_THAT(files(identified()), Contains(kMuslLibraries));
}

TEST_F(RustToolchainTest, TheHostAsATargetIsTheHost) {
  const Digest identity = identified().identity;
  tool_.target = "x86_64-unknown-linux-gnu";
  EXPECT_EQ(identified().identity, identity);
}

// --- identity

TEST_F(RustToolchainTest, ItsIdentityIsAllContentAndItsVersion) {
  const Digest identity = identified().identity;
  for (const std::string& path :
       {std::string("/rust/bin/rustc"), std::string("/rust/lib/librustc_driver.so"),
        std::string("/lib64/ld-linux-x86-64.so.2"), std::string(kHostLibraries) + "/libstd.rlib"}) {
    const auto before = fs_.read(os::FileSystem::kNoDirectory, path.c_str(), 1000);
    ASSERT_TRUE(before) << path;
    fs_.write(path, before->bytes + " another");
    fs_.tick();
    EXPECT_NE(identified().identity, identity) << path;
    fs_.write(path, before->bytes);
    fs_.tick();
    EXPECT_EQ(identified().identity, identity) << path;
  }
  fs_.write(std::string(kHostLibraries) + "/libnew.rlib", "new");
  fs_.tick();
  EXPECT_NE(identified().identity, identity);
  fs_.remove(std::string(kHostLibraries) + "/libnew.rlib");
  rustc_.version += "LLVM version: 20\n";
  fs_.tick();
  EXPECT_NE(identified().identity, identity);
}

TEST_F(RustToolchainTest, ASecondPlaceIsAnotherToolchain) {
  const Digest identity = identified().identity;
  given_toolchain("/other");
  fs_.tick();
  rustc_.sysroot = [](const os::Command&) { return "/other"; };
  tool_.path = tool_.compiler = "/other/bin/rustc";
  EXPECT_NE(identified().identity, identity);
}

// --- memory

TEST_F(RustToolchainTest, IsAskedOnceWhileItsFilesAreWhatTheyWere) {
  const Digest identity = identified().identity;
  const std::size_t asked = rustc_.asked.size();
  cwd_ = "/elsewhere";
  env_.emplace_back("OTHER=1");
  EXPECT_EQ(identified().identity, identity);
  EXPECT_EQ(rustc_.asked.size(), asked);
}

TEST_F(RustToolchainTest, IsAskedAnewWhenAnyOfItsFilesChanges) {
  const std::vector<std::string> all = files(identified());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i] == kHostLibraries) {
      fs_.write(all[i] + "/libnew.rlib", "new");
    } else {
      fs_.write_keeping_mtime(all[i], std::string(kProgram) + std::to_string(i));
    }
    fs_.tick();
    (void)identified();
    EXPECT_EQ(rustc_.probes(), i + 2) << all[i];
  }
  fs_.remove(std::string(kHostLibraries) + "/libnew.rlib");
  fs_.tick();
  (void)identified();
  EXPECT_EQ(rustc_.probes(), all.size() + 2);
}

TEST_F(RustToolchainTest, IsAskedAnewForWhatTheAnswerMayDependOn) {
  std::size_t expected = 1;
  (void)identified();
  for (const char* variable : {"RUSTUP_TOOLCHAIN=x", "RUSTUP_HOME=/x", "LD_LIBRARY_PATH=/x",
                               "LD_PRELOAD=/x.so", "HOME=/x"}) {
    env_ = {variable};
    (void)identified();
    EXPECT_EQ(rustc_.probes(), ++expected) << variable;
  }
  tool_.chosen = "+nightly";
  (void)identified();
  EXPECT_EQ(rustc_.probes(), ++expected);
  tool_.target = kMusl;
  (void)identified();
  EXPECT_EQ(rustc_.probes(), ++expected);
  tool_.path = "/rust/bin/clippy-driver";
  (void)identified();
  EXPECT_EQ(rustc_.probes(), ++expected);
}

// --- what is no toolchain

TEST_F(RustToolchainTest, AScriptIsRefused) {
  fs_.write("/rust/bin/rustc", "#!/bin/sh\n");
  fs_.tick();
  EXPECT_THAT(refused(), HasSubstr("is a script"));
}

TEST_F(RustToolchainTest, AToolThatIsAScriptIsRefused) {
  tool_.path = "/rust/bin/clippy-driver";
  fs_.write("/rust/bin/clippy-driver", "#!/bin/sh\n");
  fs_.tick();
  EXPECT_THAT(refused(), HasSubstr("is a script"));
}

TEST_F(RustToolchainTest, WhatDoesNotAnswerLikeRustcIsRefused) {
  rustc_.exit_code = 1;
  EXPECT_THAT(refused(), HasSubstr("failed with exit code 1"));
  rustc_.exit_code = 0;
  rustc_.sysroot = [](const os::Command&) { return "rust"; };
  EXPECT_THAT(refused(), HasSubstr("does not say that it is rustc"));
  rustc_.sysroot = [](const os::Command&) { return ""; };
  EXPECT_THAT(refused(), HasSubstr("does not say that it is rustc"));
  rustc_.sysroot = [](const os::Command&) { return "/rust"; };
  rustc_.version = "rustc 1.95.0\n";
  EXPECT_THAT(refused(), HasSubstr("does not say that it is rustc"));
  EXPECT_EQ(rustc_.probes(), 4U) << "a refusal is not remembered";
}

TEST_F(RustToolchainTest, AMissingPartIsRefused) {
  fs_.remove("/rust/lib/librustc_driver.so");
  EXPECT_NE(refused(), "");
  fs_.remove("/rust/bin/rustc");
  EXPECT_NE(refused(), "");
}

TEST_F(RustToolchainTest, WhatHasJustChangedIsRefusedThisOnce) {
  fs_.write("/rust/lib/librustc_driver.so", "being installed");
  EXPECT_THAT(refused(), HasSubstr("has just changed"));
  fs_.tick();
  (void)identified();
  fs_.write(std::string(kHostLibraries) + "/libnew.rlib", "new");
  EXPECT_THAT(refused(), HasSubstr("has just changed"));
}

// --- rustup

TEST_F(RustToolchainTest, BehindRustupIsTheToolchainThatItChose) {
  given_rustup();
  const Toolchain toolchain = identified();
  EXPECT_THAT(files(toolchain), IsSupersetOf({"/cargo/bin/rustc", "/rust/bin/rustc",
                                              "/rust/lib/librustc_driver.so"}));
  EXPECT_THAT(files(toolchain, false),
              IsSupersetOf({"/home/me/.rustup/settings.toml", "/w/project/rust-toolchain",
                            "/w/project/rust-toolchain.toml", "/w/rust-toolchain",
                            "/w/rust-toolchain.toml", "/rust-toolchain", "/rust-toolchain.toml"}));
}

TEST_F(RustToolchainTest, AChoiceOnTheCommandIsPassedOn) {
  given_rustup();
  tool_.chosen = "+nightly";
  (void)identified();
  EXPECT_THAT(rustc_.asked[0].args,
              ElementsAre("/cargo/bin/rustc", "+nightly", "--print", "sysroot"));
  EXPECT_THAT(rustc_.asked[1].args, ElementsAre("/cargo/bin/rustc", "+nightly", "-vV"));
}

TEST_F(RustToolchainTest, AToolOfRustupIsThatOfTheToolchain) {
  given_rustup();
  tool_.path = "/cargo/bin/clippy-driver";
  EXPECT_THAT(files(identified()),
              IsSupersetOf({"/cargo/bin/clippy-driver", "/rust/bin/clippy-driver",
                            "/cargo/bin/rustc", "/rust/bin/rustc"}));
}

TEST_F(RustToolchainTest, WhateverRustupChoosesByMayChange) {
  given_rustup();
  fs_.write("/home/me/.rustup/settings.toml", "default");
  fs_.tick();
  (void)identified();
  std::size_t expected = 1;
  for (const char* path :
       {"/home/me/.rustup/settings.toml", "/w/project/rust-toolchain",
        "/w/project/rust-toolchain.toml", "/w/rust-toolchain.toml", "/rust-toolchain"}) {
    for (const char* text : {"stable", "nightly"}) {
      fs_.write(path, text);
      fs_.tick();
      (void)identified();
      EXPECT_EQ(rustc_.probes(), ++expected) << path << ' ' << text;
    }
  }
  fs_.remove("/w/rust-toolchain.toml");
  (void)identified();
  EXPECT_EQ(rustc_.probes(), ++expected);
  fs_.write("/w/other/rust-toolchain", "nightly");
  (void)identified();
  EXPECT_EQ(rustc_.probes(), expected) << "nobody looks there";
}

TEST_F(RustToolchainTest, TheSettingsMayBeInAHomeOfRustupsOwn) {
  given_rustup();
  env_ = {"HOME=/home/me", "RUSTUP_HOME=/opt/rustup"};
  EXPECT_THAT(files(identified(), false), AllOf(Contains("/opt/rustup/settings.toml"),
                                                Not(Contains("/home/me/.rustup/settings.toml"))));
}

TEST_F(RustToolchainTest, RustupChoosesForEachDirectory) {
  given_rustup();
  given_toolchain("/other");
  fs_.tick();
  rustc_.sysroot = [](const os::Command& command) {
    return command.cwd == "/w/project" ? "/rust" : "/other";
  };
  EXPECT_THAT(files(identified()), Contains("/rust/bin/rustc"));
  cwd_ = "/w";
  EXPECT_THAT(files(identified()),
              AllOf(Contains("/other/bin/rustc"), Not(Contains("/rust/bin/rustc"))));
  cwd_ = "/w/project";
  EXPECT_THAT(files(identified()), Contains("/rust/bin/rustc"));
  EXPECT_EQ(rustc_.probes(), 2U);
}

TEST_F(RustToolchainTest, AChoiceThatChangesWhileRustcIsAskedIsNotRemembered) {
  given_rustup();
  given_toolchain("/other");
  fs_.tick();
  rustc_.after_sysroot = [&] {
    fs_.write("/w/project/rust-toolchain.toml", "other");
    fs_.tick();
    rustc_.sysroot = [](const os::Command&) { return "/other"; };
    rustc_.after_sysroot = [] {};
  };
  (void)identify();
  EXPECT_THAT(files(identified()), Contains("/other/bin/rustc"));
}

TEST_F(RustToolchainTest, AChoiceThatHasJustChangedIsNotRemembered) {
  given_rustup();
  given_toolchain("/other");
  fs_.tick();
  fs_.write("/w/project/rust-toolchain.toml", "first");
  (void)identify();
  fs_.write("/w/project/rust-toolchain.toml", "other");  // within the same tick of the clock
  rustc_.sysroot = [](const os::Command&) { return "/other"; };
  fs_.tick();
  EXPECT_THAT(files(identified()), Contains("/other/bin/rustc"));
}

TEST_F(RustToolchainTest, AProgramThatLacksRustupBesideItIsItself) {
  given_rustup();
  fs_.remove("/cargo/bin/rustc");
  fs_.write("/cargo/bin/rustc", kProgram);
  fs_.tick();
  EXPECT_THAT(files(identified()), Not(Contains("/rust/bin/rustc")));
}

}  // namespace
}  // namespace zc::engine::rust
