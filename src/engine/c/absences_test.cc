#include "engine/c/absences.h"

#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::engine::c {
namespace {

using testing::Contains;
using testing::IsSupersetOf;
using testing::Not;

class AbsencesTest : public testing::Test {
 protected:
  AbsencesTest() {
    fs_.make_directory("/w/src");
    fs_.make_directory("/w/first");
    fs_.make_directory("/w/second");
    fs_.make_directory("/usr/include/sys");
    search_.quote_dirs = {};
    search_.angle_dirs = {"first", "second", "/usr/include"};
  }

  // What is absent for a compile of /w/src/a.cc with this text that read these files.
  std::vector<std::string> absences(const std::string& source,
                                    const std::vector<std::string>& headers) {
    std::vector<ScannedInput> inputs;
    inputs.push_back({.path = "src/a.cc", .facts = scan(source)});
    fs_.write("/w/src/a.cc", source);
    for (const std::string& header : headers) {
      inputs.push_back({.path = header, .facts = scan("")});
      fs_.write(header.starts_with('/') ? header : "/w/" + header, "");
    }
    os::OpenDirectory cwd(fs_);
    EXPECT_EQ(cwd.open(os::FileSystem::kNoDirectory, "/w"), 0);
    AbsenceFinder finder(fs_, search_, cwd.handle(), gch_matters_);
    std::vector<std::string> out = finder.find(inputs, forced_);
    bystanders_ = finder.bystanders();
    tested_ = finder.tested();
    return out;
  }

  static std::shared_ptr<const compiler::c::ScanFacts> scan(const std::string& text) {
    return std::make_shared<const compiler::c::ScanFacts>(compiler::c::scan_source(text));
  }

  test::MemFileSystem fs_;
  compiler::c::SearchPath search_;
  bool gch_matters_ = false;
  std::vector<std::string> forced_;
  std::vector<std::string> bystanders_;
  std::set<std::string> tested_;
};

TEST_F(AbsencesTest, QuotedNamesAreLookedForBesideTheIncluderFirst) {
  EXPECT_THAT(absences("#include \"x.h\"\n", {"second/x.h"}),
              testing::UnorderedElementsAre("src/x.h", "first/x.h"));
}

TEST_F(AbsencesTest, AngledNamesAreNot) {
  EXPECT_THAT(absences("#include <x.h>\n", {"second/x.h"}),
              testing::UnorderedElementsAre("first/x.h"));
}

TEST_F(AbsencesTest, NothingIsAbsentBeforeTheFirstDirectory) {
  EXPECT_THAT(absences("#include <x.h>\n", {"first/x.h"}), testing::IsEmpty());
}

TEST_F(AbsencesTest, IncludeNextCountsEveryCandidate) {
  EXPECT_THAT(absences("#include_next <x.h>\n", {"second/x.h"}),
              IsSupersetOf({"first/x.h", "/usr/include/x.h"}));
}

TEST_F(AbsencesTest, HasIncludeNamesAreAbsentEverywhere) {
  EXPECT_THAT(
      absences("#if __has_include(<maybe.h>)\n#endif\n", {}),
      testing::UnorderedElementsAre("first/maybe.h", "second/maybe.h", "/usr/include/maybe.h"));
}

TEST_F(AbsencesTest, NamesBelowAMissingDirectoryBecomeOneStrictAbsence) {
  EXPECT_THAT(absences("#include <sys/types.h>\n#include <sys/stat.h>\n",
                       {"/usr/include/sys/types.h", "/usr/include/sys/stat.h"}),
              testing::UnorderedElementsAre("first/sys/", "second/sys/"));
}

TEST_F(AbsencesTest, AMissingSearchDirectoryIsAStrictAbsence) {
  search_.missing_dirs = {"opt/include"};
  EXPECT_THAT(absences("", {}), testing::UnorderedElementsAre("opt/"));
}

TEST_F(AbsencesTest, AnInputThatNoDirectiveExplainsIsFindableUnderEverySplit) {
  EXPECT_THAT(absences("#define S(x) #x\n#include S(x.h)\n", {"second/x.h"}),
              IsSupersetOf({"first/x.h", "src/x.h", "x.h"}));
}

TEST_F(AbsencesTest, AFileThatWasPassedOverIsABystander) {
  fs_.write("/w/first/x.h", "");
  EXPECT_THAT(absences("#if 0\n#include <x.h>\n#endif\n", {}), Not(Contains("first/x.h")));
  EXPECT_THAT(bystanders_, testing::ElementsAre("first/x.h"));
}

TEST_F(AbsencesTest, AFileThatHasIncludeFoundCountsEvenUnread) {
  fs_.write("/w/first/x.h", "");
  (void)absences("#if __has_include(<x.h>)\n#endif\n", {});
  EXPECT_THAT(tested_, testing::ElementsAre("first/x.h"));
}

TEST_F(AbsencesTest, ADirectoryOfTheHeadersNameIsPassedOver) {
  fs_.make_directory("/w/first/vector");
  EXPECT_THAT(absences("#include <vector>\n", {"second/vector"}),
              testing::UnorderedElementsAre("first/vector"));
}

TEST_F(AbsencesTest, APrecompiledHeaderMayHideBehindAHeaderThatWasNotRead) {
  fs_.write("/w/src/x.h", "");
  gch_matters_ = true;
  EXPECT_THAT(absences("#include \"x.h\"\n", {}), Contains("src/x.h.gch"));
  gch_matters_ = false;
  EXPECT_THAT(absences("#include \"x.h\"\n", {}), Not(Contains("src/x.h.gch")));
}

TEST_F(AbsencesTest, ForcedHeadersAreLookedForInTheWorkingDirectoryFirst) {
  forced_ = {"x.h"};
  EXPECT_THAT(absences("", {"second/x.h"}), IsSupersetOf({"x.h", "first/x.h"}));
}

}  // namespace
}  // namespace zc::engine::c
