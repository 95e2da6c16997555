#include "engine/c/time_macros.h"

#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::engine::c {
namespace {

using compiler::Bypass;
using compiler::Reason;

struct PlainCompile final : CacheableCompile {
  explicit PlainCompile(const os::FileSystem& fs) : CacheableCompile(fs, request()) {
    source = "a.c";
  }
  static wire::CompileRequest request() {
    wire::CompileRequest out;
    out.cwd = "/w";
    return out;
  }
  void plan(RunPlan&) const override {}
  compiler::OrBypass<InputList> learn(const RunOutputs&) override { return InputList(); }
  std::string generate_depfile(const LoadedSet&) const override { return {}; }
};

class TimeMacros : public testing::Test {
 protected:
  std::string detail(Bypass why = {.reason = Reason::kUnrepeatableInput, .detail = "localtime"}) {
    Trace trace;
    for (const char* path : {"/usr/include/s.h", "/w/b.h", "/o/c.h", "/gone"}) {
      trace.accesses.push_back({.path = path, .opened = true});
    }
    const PlainCompile compile(fs_);
    return with_place_of_macro(fs_, compile, trace, std::move(why)).detail;
  }
  test::MemFileSystem fs_;
};

TEST_F(TimeMacros, TheSourceIsFirst) {
  fs_.write("/w/a.c", "int a;\nchar* t = __TIME__;\n");
  fs_.write("/w/b.h", "char* t = __TIME__;\n");
  EXPECT_EQ(detail(), "a.c:2: __TIME__ (localtime)");
}

TEST_F(TimeMacros, ThenFilesOfTheUserThenThoseOfTheSystem) {
  fs_.write("/w/a.c", "int MY__TIME__;\nint __TIME__S;\n");
  fs_.write("/usr/include/s.h", "__DATE__");
  EXPECT_EQ(detail(), "/usr/include/s.h:1: __DATE__ (localtime)");
  fs_.write("/o/c.h", "\n\n(__TIMESTAMP__)");
  EXPECT_EQ(detail(), "/o/c.h:3: __TIMESTAMP__ (localtime)");
  fs_.write("/w/b.h", "__DATE__");
  EXPECT_EQ(detail(), "b.h:1: __DATE__ (localtime)");
}

TEST_F(TimeMacros, WhatIsAboutSomethingElseStaysAsItIs) {
  EXPECT_EQ(detail(), "localtime");
  fs_.write("/w/a.c", "__TIME__");
  EXPECT_EQ(detail({.reason = Reason::kUnrepeatableInput, .detail = "/tmp/x"}), "/tmp/x");
  EXPECT_EQ(detail({.reason = Reason::kNetworkUse, .detail = "connect"}), "connect");
}

}  // namespace
}  // namespace zc::engine::c
