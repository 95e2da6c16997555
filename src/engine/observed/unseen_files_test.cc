// What the loader and the C library read by themselves: libraries that every program loads first,
// and tables of character sets.
#include "engine/observed/inputs_fixture.h"

namespace zc::engine {
namespace {

using testing::Contains;
using testing::IsEmpty;

constexpr const char* kCLibrary = "/lib/libc.so.6";
constexpr const char* kList = "/etc/ld.so.preload";

class UnseenFilesTest : public ObservedInputsTest {
 protected:
  UnseenFilesTest() {
    fs_.write(kCLibrary, test::harmless_object());
    fs_.make_directory("/etc");
    fs_.make_directory("/lib/gconv");
    fs_.tick();
  }
  test::ObservationText& run_with_c_library() { return run().add('L', kCLibrary); }
};

TEST_F(UnseenFilesTest, LibrariesMayBePreloadedIntoAllProgramsSomeDay) {
  run_with_c_library();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), Contains(std::string(kList) + "/"));
  EXPECT_TRUE(holds());
  given_file(kList, "/lib/any.so");
  EXPECT_FALSE(holds());
}

TEST_F(UnseenFilesTest, OtherCLibrariesHaveNoSuchList) {
  run();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(UnseenFilesTest, APreloadedLibraryThatIsMissingMayCome) {
  given_file(kList, "/lib/a.so:/lib/b.so\n");
  env_ = {"PATH=/bin", "LD_PRELOAD=/lib/c.so own/d.so"};
  run_with_c_library();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains(kList));
  for (const char* path : {"/lib/a.so", "/lib/b.so", "/lib/c.so", "/w/own/d.so"}) {
    EXPECT_TRUE(holds());
    given_file(path, "");
    EXPECT_FALSE(holds()) << path;
    fs_.remove(path);
  }
}

TEST_F(UnseenFilesTest, OneThatWasNotLoadedMayBecomeAnother) {
  given_file("/lib/a.so", "for another machine");
  env_ = {"PATH=/bin", "LD_PRELOAD=/lib/a.so"};
  run_with_c_library();
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("/lib/a.so"));
}

TEST_F(UnseenFilesTest, WhereTheLoaderSearchesForOneOnlyTheLoaderKnows) {
  fs_.write("/lib/a.so", test::harmless_object());
  fs_.tick();
  for (const char* name : {"a.so", "/usr/$LIB/a.so"}) {
    env_ = {"PATH=/bin", str_cat("LD_PRELOAD=", name)};
    run_with_c_library();
    EXPECT_EQ(learned(), str_cat("not_observed ", name));
  }
  run_with_c_library().add('L', "/lib/a.so");
  EXPECT_EQ(learned(), "") << "it was found";
}

TEST_F(UnseenFilesTest, TablesOfCharacterSetsCountIfTextIsConverted) {
  run_with_c_library();
  EXPECT_EQ(learned(), "");
  given_file("/lib/gconv/gconv-modules", "");
  EXPECT_TRUE(holds());
  fs_.remove("/lib/gconv/gconv-modules");
  fs_.tick();
  env_ = {"PATH=/bin", "GCONV_PATH=own"};
  run_with_c_library().add('G', "iconv_open");
  EXPECT_EQ(learned(), "");
  for (const char* path :
       {"/lib/gconv/gconv-modules.cache", "/lib/gconv/gconv-modules", "/w/own/gconv-modules"}) {
    EXPECT_TRUE(holds());
    given_file(path, "");
    EXPECT_FALSE(holds()) << path;
    fs_.remove(path);
  }
}

}  // namespace
}  // namespace zc::engine
