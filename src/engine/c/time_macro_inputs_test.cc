// What a result depends on that shows __DATE__ or __TIMESTAMP__, and what becomes of __TIME__.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "engine/c/engine_fixture.h"
#include "engine/c/time_macros.h"

namespace zc::engine::c {
namespace {

using testing::ElementsAreArray;
using testing::SizeIs;

class TimeMacroInputs : public EngineTest {
 protected:
  TimeMacroInputs() {
    fs_.write("/etc/localtime", "a zone");
    fs_.write("/w/a.c", "char* d = __DATE__;\n");
    fs_.tick(kHour);
  }

  std::int64_t now() const { return fs_.now_ns() / kSecond; }
  std::int64_t time_of(const char* path) const {
    os::FileStamp stamp;
    EXPECT_EQ(fs_.stat(os::FileSystem::kNoDirectory, path, stamp), 0);
    return stamp.mtime_ns / kSecond;
  }
  // The day in which `time` is has ten hours.
  static std::string converted(std::int64_t time) {
    const std::int64_t hour = kHour / kSecond;
    return str_cat("localtime ", time, ' ', time - 5 * hour, ' ', time + 5 * hour);
  }
  Report report_of_macro(const std::string& called) const {
    return report_of(seen_of([&](test::ObservationText& cc1) {
                       read_header(cc1);
                       cc1.add('C', called);
                     }),
                     "x: a.c a.h\n");
  }
  // What a run of `request` that has called this leaves: a result, or the first of two runs.
  StoredOrFirst run(const wire::CompileRequest& request, const std::string& called) {
    return store(engine_, *compile(engine_, request), report_of_macro(called));
  }
  // Empty: a second run, which left that object and exit code, has made the first count.
  std::string run_again(const FirstRun& first, const char* object, int exit_code = 0) {
    const auto request = this->request();
    const auto again = compile(engine_, request);
    Report report = report_of_macro(converted(now()));
    report.done.exit_code = exit_code;
    report.fds.front() = file_with(object);
    again->observation = report.seen;
    const auto out = engine_.store_result(*again, report.done, report.fds, [] {}, &first);
    return out ? "" : str_cat(compiler::text_of(out.error().reason).id, ' ', out.error().detail);
  }

  static constexpr std::int64_t kSecond = 1'000'000'000;
  static constexpr std::int64_t kHour = 3600 * kSecond;
  Engine engine_ = engine(store_);
};

TEST_F(TimeMacroInputs, ATimeOfAFileIsAnInput) {
  const auto stored = run(request(), converted(time_of("/w/a.h")));
  ASSERT_TRUE(stored);
  ASSERT_FALSE(*stored) << "no second run";
  EXPECT_TRUE(hits(engine_, request()));
  fs_.tick();
  fs_.write("/w/a.c", "char* d = __DATE__;\n");
  EXPECT_TRUE(hits(engine_, request())) << "the time of another file";
  fs_.write("/w/a.h", "int a;\n");
  EXPECT_FALSE(hits(engine_, request()));
}

TEST_F(TimeMacroInputs, SoIsTheZone) {
  ASSERT_TRUE(run(request(), converted(time_of("/w/a.h"))));
  fs_.write("/etc/localtime", "another zone");
  EXPECT_FALSE(hits(engine_, request()));
}

TEST_F(TimeMacroInputs, ATimeThatIsNeitherOfAFileNorOfTheRunIsUnrepeatable) {
  for (const std::int64_t away : {-100, 100}) {
    const auto stored = run(request(), converted(now() + away));
    ASSERT_FALSE(stored);
    EXPECT_EQ(stored.error().detail, "a.c:1: __DATE__ (localtime)");
  }
}

TEST_F(TimeMacroInputs, ATimeOfDayTakesASecondRunWithoutTheMacro) {
  const auto first = run(request(), converted(now()));
  ASSERT_TRUE(first && *first);
  EXPECT_THAT((*first)->added_words, ElementsAreArray(kWithoutTime));
  EXPECT_FALSE(hits(engine_, request())) << "nothing counts yet";
  EXPECT_EQ(run_again(**first, "object"), "");
  EXPECT_TRUE(hits(engine_, request()));
  fs_.tick(6 * kHour);
  EXPECT_FALSE(hits(engine_, request())) << "the day has ended";
}

TEST_F(TimeMacroInputs, WhatShowsTheTimeOfDayIsNotKept) {
  const auto first = run(request(), converted(now()));
  ASSERT_TRUE(first && *first);
  EXPECT_EQ(run_again(**first, "object 2"), "unrepeatable_input a.c:1: __DATE__ (localtime)");
  EXPECT_FALSE(hits(engine_, request()));
  EXPECT_FALSE(run(request(), converted(now()))) << "the second run would be in vain again";
}

TEST_F(TimeMacroInputs, ASecondRunThatFailsIsNoResultOfTheCommand) {
  const auto first = run(request(), converted(now()));
  ASSERT_TRUE(first && *first);
  EXPECT_EQ(run_again(**first, "object", 1), "unrepeatable_input a.c:1: __DATE__ (localtime)");
  EXPECT_FALSE(hits(engine_, request()));
  EXPECT_FALSE(run(request(), converted(now()))) << "the second run would be in vain again";
}

TEST_F(TimeMacroInputs, WhatTheFirstRunLeftComesBackWithItsDepfile) {
  const auto request = this->request({"gcc", "-c", "a.c", "-MD"});
  const auto compiled = compile(engine_, request);
  Report report = report_with_depfile(seen_of([&](test::ObservationText& cc1) {
                                        read_header(cc1);
                                        cc1.add('C', converted(now()));
                                      }),
                                      "a.o: a.c a.h\n");
  const auto first = store(engine_, *compiled, report);
  ASSERT_TRUE(first && *first);
  const std::optional<HitReply> left = engine_.replay(*compiled, **first);
  ASSERT_TRUE(left);
  ASSERT_THAT(left->hit.files, SizeIs(2));
  EXPECT_EQ(left->hit.files[0].bytes, "object");
  EXPECT_EQ(left->hit.files[1].path, "a.d");
  EXPECT_EQ(left->hit.files[1].bytes, "a.o: a.c a.h\n");
}

// The file was written in the second in which the run began.
TEST_F(TimeMacroInputs, ATimeThatMayBeOfBothIsTakenForBoth) {
  fs_.write("/w/a.h", "int a;\n");
  fs_.tick(10'000'000);
  const auto request = this->request();
  const auto first = run(request, converted(now()));
  ASSERT_TRUE(first && *first);
  EXPECT_EQ(run_again(**first, "object"), "");
  EXPECT_TRUE(hits(engine_, this->request()));
  fs_.tick();
  fs_.write("/w/a.h", "int a;\n");
  EXPECT_FALSE(hits(engine_, this->request()));
}

TEST_F(TimeMacroInputs, AFailureWithTheDateIsNotKept) {
  const auto request = this->request();
  const auto compiled = compile(engine_, request);
  Report report = report_of_macro(converted(now()));
  report.done.exit_code = 1;
  report.done.err = "a.c:1:1: error: not today\n";
  EXPECT_THAT(stored(engine_, *compiled, report), testing::StartsWith("compile_failed"));
  EXPECT_FALSE(hits(engine_, this->request()));
}

}  // namespace
}  // namespace zc::engine::c
