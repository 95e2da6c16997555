// Two checkouts and a compiler whose paths are remapped: what one has made, the other may use only
// if nothing that the run has read or written says where it was.

#include "engine/c/place.h"

#include <cerrno>

#include "engine/c/engine_fixture.h"

namespace zc::engine::c {
namespace {

using testing::ElementsAre;

class RemappedEngineTest : public EngineTest {
 protected:
  RemappedEngineTest() {
    for (const std::string checkout : {"/one", "/two"}) {
      fs_.make_directory(checkout + "/.git");
      fs_.make_directory(checkout + "/build");
      fs_.write(checkout + "/src/a.c", "#include \"a.h\"\n");
      fs_.write(checkout + "/include/a.h", "int a;\n");
    }
    fs_.tick();
  }

  // As CMake has it: compiled in the build directory, with absolute paths.
  wire::CompileRequest in(const std::string& checkout, std::string_view further = "") {
    const auto keep = [&](std::string text) -> ByteView {
      return texts_.emplace_back(std::move(text));
    };
    const ByteView cwd = keep(checkout + "/build");
    wire::CompileRequest out = request_in(texts_.back().c_str());
    out.cwd = cwd;
    out.args = {"gcc", "-g", keep("-I" + checkout + "/include"), "-MD", "-o",
                "a.o", "-c", keep(checkout + "/src/a.c")};
    if (!further.empty()) {
      out.args.emplace_back(keep(std::string(further)));
    }
    out.env = {"ZCCACHE_PATH_REMAP=auto"};
    return out;
  }

  // What such a run looks at: the header is beside the source in vain.
  test::ObservationText seen_in(const std::string& checkout) const {
    test::ObservationText out;
    out.at(fs_.now_ns())
        .add('H', "/usr/bin/gcc")
        .add('P', "/usr/libexec/cc1")
        .by(2)
        .add('H', "/usr/libexec/cc1")
        .add('S', checkout + "/include")
        .add('R', checkout + "/src/a.c")
        .add('R', checkout + "/src/a.h", ENOENT)
        .add('R', checkout + "/include/a.h");
    return out;
  }
  Report report_in(const std::string& checkout, const test::ObservationText& seen) const {
    Report out =
        report_with_depfile(seen, "a.o: " + checkout + "/src/a.c " + checkout + "/include/a.h\n");
    return out;
  }
  Report report_in(const std::string& checkout) const {
    return report_in(checkout, seen_in(checkout));
  }
  // Whether a run in /one that leaves this is a hit in /one, and in /two.
  void expect_use(const Report& report, bool in_one, bool in_two, std::string_view further = "") {
    ASSERT_EQ(stored(engine_, in("/one", further), report), "");
    EXPECT_EQ(hits(engine_, in("/one", further)), in_one);
    EXPECT_EQ(hits(engine_, in("/two", further)), in_two);
  }

  std::deque<std::string> texts_;
  Engine engine_ = engine(store_);
};

TEST_F(RemappedEngineTest, CheckoutsShareTheirResults) {
  const auto request = compile(engine_, in("/one"));
  EXPECT_THAT(request->make_plan().run.inject,
              ElementsAre("-fdebug-prefix-map=/one/=./", "-fmacro-prefix-map=/one/=./"));
  wire::RunOrder beside;
  request->add_maps(beside);
  EXPECT_THAT(beside.inject, testing::SizeIs(2));
  expect_use(report_in("/one"), true, true);
  fs_.write("/two/include/a.h", "int other;\n");
  EXPECT_FALSE(hits(engine_, in("/two")));
  EXPECT_TRUE(hits(engine_, in("/one")));
}

TEST_F(RemappedEngineTest, EachGetsADepfileOfItsOwn) {
  ASSERT_EQ(stored(engine_, in("/one"), report_in("/one")), "");
  const auto request = compile(engine_, in("/two"));
  const auto answer = engine_.lookup(*request);
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->hit.files.size(), 2U);
  EXPECT_EQ(answer->hit.files[1].bytes, "a.o: /two/src/a.c /two/include/a.h\n");
}

TEST_F(RemappedEngineTest, WithoutItTheyShareNothing) {
  const auto plain = [&](const std::string& checkout) {
    wire::CompileRequest out = in(checkout);
    out.env.clear();
    return out;
  };
  EXPECT_TRUE(compile(engine_, plain("/one"))->make_plan().run.inject.empty());
  ASSERT_EQ(stored(engine_, plain("/one"), report_in("/one")), "");
  EXPECT_TRUE(hits(engine_, plain("/one")));
  EXPECT_FALSE(hits(engine_, plain("/two")));
  EXPECT_FALSE(hits(engine_, in("/one"))) << "its object would hold other paths";
}

TEST_F(RemappedEngineTest, WhatAppearsInTheOtherCheckoutIsSeen) {
  ASSERT_EQ(stored(engine_, in("/one"), report_in("/one")), "");
  fs_.write("/two/src/a.h", "int nearer;\n");
  EXPECT_FALSE(hits(engine_, in("/two")));
  EXPECT_TRUE(hits(engine_, in("/one")));
}

TEST_F(RemappedEngineTest, WhichDirectoriesAreTheSameIsSeen) {
  fs_.make_directory("/one/more");
  fs_.make_directory("/two/more");
  fs_.tick();
  test::ObservationText seen = seen_in("/one");
  ASSERT_EQ(stored(engine_, in("/one"), report_in("/one", seen.add('S', "/one/more"))), "");
  EXPECT_TRUE(hits(engine_, in("/two")));
  fs_.remove("/two/more");
  fs_.link("/two/more", "include");
  EXPECT_FALSE(hits(engine_, in("/two"))) << "gcc drops one of the two";
}

TEST_F(RemappedEngineTest, WhichFilesAreTheSameIsSeen) {
  for (const char* checkout : {"/one", "/two"}) {
    fs_.write(str_cat(checkout, "/include/twin.h"), "int a;\n");
  }
  fs_.tick();
  test::ObservationText seen = seen_in("/one");
  ASSERT_EQ(stored(engine_, in("/one"), report_in("/one", seen.add('R', "/one/include/twin.h"))),
            "");
  EXPECT_TRUE(hits(engine_, in("/two")));
  fs_.write("/two/include/a.h", "int a;\n");
  fs_.write("/two/include/twin.h", "int a;\n");
  EXPECT_FALSE(hits(engine_, in("/two"))) << "both have one time now";
  EXPECT_TRUE(hits(engine_, in("/one")));
}

TEST_F(RemappedEngineTest, AMessageThatNamesTheCheckoutIsForNoOther) {
  Report report = report_in("/one");
  report.done.err = "/one/src/a.c:1:1: warning: x\n";
  expect_use(report, true, false);
}

TEST_F(RemappedEngineTest, AnOutputThatNamesTheCheckoutAllTheSameIsForNoOther) {
  Report report = report_in("/one");
  report.fds[0] = file_with("object of /one/src/a.c");
  expect_use(report, true, false);
}

TEST_F(RemappedEngineTest, AnObjectThatIsNotUnderstoodMayNameIt) {
  Report report = report_in("/one");
  report.fds[0] = file_with(
      "\x7f"
      "ELF\x02\x01\x01 and what follows");
  expect_use(report, true, false);
}

TEST_F(RemappedEngineTest, ASourceThatNamesTheCheckoutMayLeadThereFromAnywhere) {
  for (const std::string spelling : {"/one/src/x.h", "/./one//src/x.h"}) {
    for (const char* checkout : {"/one", "/two"}) {
      fs_.write(str_cat(checkout, "/include/a.h"), "#include \"" + spelling + "\"\n");
      fs_.write(str_cat(checkout, "/src/x.h"), "int x;\n");
    }
    fs_.tick();
    expect_use(report_in("/one", seen_in("/one").add('R', "/one/src/x.h")), true, false);
  }
}

TEST_F(RemappedEngineTest, AWordThatNamesTheCheckoutIsForNoOther) {
  expect_use(report_in("/one"), true, false, "-DROOT=/one");
}

TEST_F(RemappedEngineTest, APrecompiledHeaderIsForNoOther) {
  for (const char* checkout : {"/one", "/two"}) {
    fs_.write(str_cat(checkout, "/include/p.h.gch"), "precompiled");
  }
  fs_.tick();
  expect_use(report_in("/one", seen_in("/one").add('R', "/one/include/p.h.gch")), true, false);
}

TEST_F(RemappedEngineTest, AVariableThatNamesTheCheckoutIsForNoOther) {
  const auto with = [&](const std::string& checkout) {
    wire::CompileRequest out = in(checkout);
    out.env.emplace_back("ANY=/one/x");
    return out;
  };
  ASSERT_EQ(stored(engine_, with("/one"), report_in("/one", seen_in("/one").add('E', "ANY"))), "");
  EXPECT_TRUE(hits(engine_, with("/one")));
  EXPECT_FALSE(hits(engine_, with("/two")));
}

TEST_F(RemappedEngineTest, DirectoriesAreSharedWhereTheirRealPathsAreThoseOfTheCheckout) {
  ASSERT_EQ(
      stored(engine_, in("/one"),
             report_in("/one",
                       seen_in("/one").add('S', "/one/include/a.h").add('Q', "/one/include/a.h"))),
      "");
  EXPECT_TRUE(hits(engine_, in("/two")));
  fs_.rename("/two/include", "/two/real");
  fs_.link("/two/include", "real");
  EXPECT_FALSE(hits(engine_, in("/two")));
}

}  // namespace
}  // namespace zc::engine::c
