#include "engine/observed/foreign_code.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/made_up_object.h"
#include "support/mem_file_system.h"

namespace zc::engine {
namespace {

using compiler::Reason;
using Role = ForeignCode::Role;

class ForeignCodeTest : public testing::Test {
 protected:
  ForeignCodeTest() {
    given_of_toolchain("/rust/bin/rustc");
    given_of_toolchain("/rust/lib/librustc_driver.so");
    given_of_toolchain("/lib/libc.so.6");
    fs_.tick();
  }

  void given_of_toolchain(const std::string& path) {
    // Its own code may do anything, since it is known.
    fs_.write(path, "no object at all: " + path);
    os::FileStamp stamp;
    EXPECT_EQ(fs_.stat(os::FileSystem::kNoDirectory, path.c_str(), stamp), 0);
    toolchain_.files.push_back({.path = path, .present = true, .stamp = stamp});
  }
  void given(const std::string& path, const std::string& image) { fs_.write(path, image); }

  ForeignCode code() {
    Trace trace;
    trace.programs = programs_;
    trace.accesses = accesses_;
    return {fs_, toolchain_, trace, InputRules()};
  }
  // Why the run cannot be trusted.
  std::optional<compiler::Bypass> check(ForeignCode& code) {
    const compiler::OrBypass<> checked = code.check(scans_);
    return checked ? std::nullopt : std::optional(checked.error());
  }
  Role role(std::string_view program) {
    programs_ = {{.path = "/rust/bin/rustc", .objects = {}}, {.path = program, .objects = {}}};
    return code().role_of(1);
  }

  test::MemFileSystem fs_;
  files::FileCache files_{fs_, nullptr};
  ObjectScans scans_{fs_, files_};
  Toolchain toolchain_;
  std::vector<PathAccess> accesses_;
  std::vector<TracedProgram> programs_ = {
      {.path = "/rust/bin/rustc", .objects = {"/rust/lib/librustc_driver.so", "/lib/libc.so.6"}}};
};

TEST_F(ForeignCodeTest, TheToolchainAloneIsNothingForeign) {
  ForeignCode code = this->code();
  EXPECT_EQ(code.role_of(0), Role::kCompiler);
  EXPECT_FALSE(code.is_in_compiler());
  EXPECT_FALSE(check(code));
  EXPECT_FALSE(code.reads_environment());
}

TEST_F(ForeignCodeTest, AFileOfTheToolchainIsKnownByItsOtherPathAsWell) {
  fs_.link("/usr/bin/rustc", "/rust/bin/rustc");
  fs_.link("/lib64/libc.so.6", "/lib/libc.so.6");
  programs_ = {{.path = "/usr/bin/rustc", .objects = {"/lib64/libc.so.6"}}};
  const ForeignCode code = this->code();
  EXPECT_EQ(code.role_of(0), Role::kCompiler);
  EXPECT_FALSE(code.is_in_compiler());
}

TEST_F(ForeignCodeTest, WhatMustBeMissingFromTheToolchainIsNotOfIt) {
  toolchain_.files.push_back({.path = "/rust/lib/libextra.so", .present = false, .stamp = {}});
  given("/rust/lib/libextra.so", test::harmless_object());
  programs_[0].objects.push_back("/rust/lib/libextra.so");
  EXPECT_TRUE(code().is_in_compiler());
}

TEST_F(ForeignCodeTest, LinkersAreKnownByTheirNames) {
  for (const char* linker :
       {"/usr/bin/ld", "/usr/bin/ld.bfd", "/usr/bin/x86_64-linux-gnu-ld.bfd", "/opt/ld.mold",
        "/usr/lib/gcc/x86_64-linux-gnu/12/collect2", "/usr/bin/gcc", "/usr/bin/gcc-12",
        "/usr/bin/x86_64-linux-gnu-gcc-12", "/usr/bin/clang-14", "/usr/bin/cc", "/usr/bin/as",
        "/rust/rust-lld", "/usr/bin/llvm-objcopy"}) {
    EXPECT_EQ(role(linker), Role::kLinker) << linker;
  }
  for (const char* stranger : {"/usr/bin/dash", "/usr/bin/env", "/usr/bin/python3.11", "/w/gen",
                               "/usr/bin/ldd", "/usr/bin/bold", "/w/my-ld", "/w/ld.bfd.sh",
                               "/usr/lib/gcc/x86_64-linux-gnu/12/cc1", "/usr/bin/rustc"}) {
    EXPECT_EQ(role(stranger), Role::kForeign) << stranger;
  }
}

TEST_F(ForeignCodeTest, TheProgramThatIsRunIsNoLinkerWhateverItsName) {
  given("/w/ld", test::object_with_system_call());
  programs_ = {{.path = "/w/ld", .objects = {}}};
  ForeignCode code = this->code();
  EXPECT_EQ(code.role_of(0), Role::kForeign);
  EXPECT_TRUE(check(code));
}

TEST_F(ForeignCodeTest, AMacroIsInTheCompiler) {
  given("/w/libmacro.so", test::harmless_object());
  programs_[0].objects.push_back("/w/libmacro.so");
  ForeignCode code = this->code();
  EXPECT_TRUE(code.is_in_compiler());
  EXPECT_EQ(code.role_of(0), Role::kCompiler);
  EXPECT_FALSE(check(code));
  EXPECT_FALSE(code.reads_environment());
}

TEST_F(ForeignCodeTest, ObjectsOfOtherProgramsAreNotInTheCompiler) {
  given("/w/gen", test::harmless_object());
  given("/w/libgen.so", test::harmless_object());
  given("/usr/bin/ld", test::harmless_object());
  given("/usr/lib/liblto.so", test::harmless_object());
  programs_.push_back({.path = "/w/gen", .objects = {"/lib/libc.so.6", "/w/libgen.so"}});
  programs_.push_back({.path = "/usr/bin/ld", .objects = {"/usr/lib/liblto.so"}});
  EXPECT_FALSE(code().is_in_compiler());
}

TEST_F(ForeignCodeTest, WhatMakesSystemCallsByItselfIsNotObserved) {
  given("/w/libmacro.so", test::object_with_system_call());
  programs_[0].objects.push_back("/w/libmacro.so");
  ForeignCode code = this->code();
  const auto bypass = check(code);
  ASSERT_TRUE(bypass);
  EXPECT_EQ(bypass->reason, Reason::kNotObserved);
  EXPECT_THAT(bypass->detail, testing::StartsWith("/w/libmacro.so"));
}

TEST_F(ForeignCodeTest, TheSameHoldsForProgramsAndTheirLibraries) {
  given("/w/gen", test::object_with_system_call());
  programs_.push_back({.path = "/w/gen", .objects = {}});
  ForeignCode of_program = this->code();
  EXPECT_TRUE(check(of_program));

  given("/w/gen", test::harmless_object());
  given("/w/libgen.so", test::object_with_system_call());
  programs_.back().objects = {"/w/libgen.so"};
  ForeignCode of_library = this->code();
  EXPECT_TRUE(check(of_library));
}

TEST_F(ForeignCodeTest, LinkersAreNotLookedInto) {
  given("/usr/bin/ld", test::object_with_system_call());
  given("/usr/lib/liblto.so", test::object_with_environment());
  programs_.push_back({.path = "/usr/bin/ld", .objects = {"/usr/lib/liblto.so"}});
  ForeignCode code = this->code();
  EXPECT_FALSE(check(code));
  EXPECT_FALSE(code.reads_environment());
}

TEST_F(ForeignCodeTest, WhoReadsTheEnvironmentIsFound) {
  given("/w/libmacro.so", test::object_with_environment());
  programs_[0].objects.push_back("/w/libmacro.so");
  ForeignCode in_compiler = this->code();
  EXPECT_FALSE(check(in_compiler));
  EXPECT_TRUE(in_compiler.reads_environment());

  programs_[0].objects.pop_back();
  given("/usr/bin/dash", test::object_with_environment());
  programs_.push_back({.path = "/usr/bin/dash", .objects = {}});
  ForeignCode beside = this->code();
  EXPECT_FALSE(check(beside));
  EXPECT_TRUE(beside.reads_environment());
}

// What cargo has under this name makes system calls only to learn the size of the terminal.
const std::string& object_of_cargo() {
  static const std::string made = test::made_up_object(
      "\x0f\x05\xc3", {"environ"}, "_RNvNtCs1_13terminal_size4unix13terminal_size");
  return made;
}

TEST_F(ForeignCodeTest, CargoIsKnownWhereItComesWithTheCompiler) {
  given("/rust/bin/cargo", object_of_cargo());
  given("/w/cargo", object_of_cargo());
  given("/rust/bin/other", object_of_cargo());
  programs_.push_back({.path = "/rust/bin/cargo", .objects = {}});
  ForeignCode code = this->code();
  EXPECT_FALSE(check(code));
  EXPECT_TRUE(code.cargo_reads_environment());
  EXPECT_FALSE(code.reads_environment());
  EXPECT_TRUE(code.is_seed_of_cargo({.about = "time", .program = 1}));
  EXPECT_FALSE(code.is_seed_of_cargo({.about = "clock_gettime", .program = 1}));
  EXPECT_FALSE(code.is_seed_of_cargo({.about = "time", .program = 1, .is_forked = true}));
  EXPECT_FALSE(code.is_seed_of_cargo({.about = "time", .program = 0}));
  for (const char* stranger : {"/w/cargo", "/rust/bin/other"}) {
    programs_.back().path = stranger;
    ForeignCode other = this->code();
    EXPECT_TRUE(check(other)) << stranger;
  }
  given("/rust/bin/cargo", test::object_with_system_call());
  programs_.back().path = "/rust/bin/cargo";
  ForeignCode unknown = this->code();
  EXPECT_TRUE(check(unknown));
}

TEST_F(ForeignCodeTest, WhatCargoLooksAtInARepositoryIsUnseen) {
  given("/rust/bin/cargo", object_of_cargo());
  programs_.push_back({.path = "/rust/bin/cargo", .objects = {}});
  for (const char* path : {"/w/.git/index", "/git/of/w/HEAD"}) {
    accesses_ = {{.path = path, .opened = true}};
    ForeignCode opened = this->code();
    EXPECT_TRUE(check(opened)) << path;
    accesses_ = {{.path = path, .looked_at = true}};
    ForeignCode looked = this->code();
    EXPECT_FALSE(check(looked)) << path;
  }
}

TEST_F(ForeignCodeTest, LateCodeAndStrangersAreKnownByTheirCalls) {
  given("/w/libmacro.so", test::harmless_object());
  given("/w/gen", test::harmless_object());
  programs_[0].objects.push_back("/w/libmacro.so");
  programs_.push_back({.path = "/w/gen", .objects = {}});
  programs_.push_back({.path = "/usr/bin/ld", .objects = {}});
  ForeignCode code = this->code();
  EXPECT_FALSE(check(code));
  EXPECT_FALSE(code.has_queried({.program = 0, .objects = 3}));
  EXPECT_TRUE(code.has_queried({.program = 0, .objects = 3, .by_late_code = true}));
  EXPECT_TRUE(code.has_queried({.program = 1}));
  EXPECT_FALSE(code.has_queried({.program = 2}));
}

TEST_F(ForeignCodeTest, CallsByTheRustLibraryMayBeForLateCode) {
  given("/w/libmacro.so", test::made_up_object("\xc3", {"_ZN3std2fs8metadata17habcE"}));
  programs_[0].objects.push_back("/w/libmacro.so");
  ForeignCode code = this->code();
  EXPECT_FALSE(check(code));
  EXPECT_FALSE(code.has_queried({.program = 0, .objects = 2}));
  EXPECT_TRUE(code.has_queried({.program = 0, .objects = 3}));
  EXPECT_FALSE(code.has_queried({.program = 0, .objects = 3, .before_output = false}));
}

TEST_F(ForeignCodeTest, WhatIsGoneOrNoObjectIsNotTrusted) {
  programs_[0].objects.push_back("/w/libgone.so");
  ForeignCode gone = this->code();
  ASSERT_TRUE(check(gone));
  EXPECT_EQ(check(gone)->reason, Reason::kModifiedInputFile);

  given("/w/libgone.so", "#!/bin/sh\n");
  ForeignCode script = this->code();
  ASSERT_TRUE(check(script));
  EXPECT_EQ(check(script)->reason, Reason::kNotObserved);
}

TEST_F(ForeignCodeTest, AnObjectIsLookedIntoOnce) {
  given("/w/libmacro.so", test::harmless_object());
  fs_.tick();
  programs_[0].objects.push_back("/w/libmacro.so");
  programs_.push_back({.path = "/rust/bin/rustc", .objects = {"/w/libmacro.so"}});
  ForeignCode first = this->code();
  EXPECT_FALSE(check(first));
  const int reads = fs_.reads;
  ForeignCode second = this->code();
  EXPECT_FALSE(check(second));
  EXPECT_EQ(fs_.reads, reads);
  given("/w/libmacro.so", test::object_with_system_call());
  ForeignCode third = this->code();
  EXPECT_TRUE(check(third)) << "what counts is the content";
}

}  // namespace
}  // namespace zc::engine
