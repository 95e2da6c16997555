// Of the compiler's own files, what is an input of a run besides.
#include <cerrno>

#include "engine/observed/inputs_fixture.h"

namespace zc::engine {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(ObservedInputsTest, FilesOfTheToolchainAreNoInputs) {
  run().add('R', kRustc).add('S', "/rust/lib/librustc_driver.so").add('T', kLibraries);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsEmpty());
}

TEST_F(ObservedInputsTest, WhatIsMissingFromItsDirectoriesIsNoInputEither) {
  run().add('R', std::string(kLibraries) + "/libfoo.rlib", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
}

// If that directory comes, the compiler is identified anew, and may be the same one.
TEST_F(ObservedInputsTest, WhatIsMissingFromADirectoryThatItWantsToBeMissingIs) {
  toolchain_.files.push_back({.path = "/rust/lib/none", .present = false, .stamp = {}});
  run().add('R', "/rust/lib/none/a.h", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), ElementsAre("/rust/lib/none/"));
}

TEST_F(ObservedInputsTest, WhatIsMissingBesideItsFilesIs) {
  run().add('R', "/rust/lib/libfoo.so", ENOENT).add('R', "/rust/bin/rustc/x", ENOTDIR);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), Contains("/rust/lib/libfoo.so/"));
}

TEST_F(ObservedInputsTest, WhatIsInItsDirectoriesAndNotOfItIs) {
  fs_.tick(-1'000'000'000);
  given_file(std::string(kLibraries) + "/self-contained/crt1.o", "");
  fs_.tick();
  toolchain_.files.pop_back();  // the directory, which has changed
  run().add('R', std::string(kLibraries) + "/self-contained/crt1.o");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre(std::string(kLibraries) + "/self-contained/crt1.o"));
}

TEST_F(ObservedInputsTest, AToolchainThatWasReplacedSinceIsNotLearnedFrom) {
  run().add('L', "/rust/lib/librustc_driver.so");
  given_file("/rust/lib/librustc_driver.so", "another version");
  EXPECT_EQ(learned(), "modified_input_file /rust/lib/librustc_driver.so");
}

TEST_F(ObservedInputsTest, AToolchainThatHasLostOrWonAFileIsNotLearnedFrom) {
  toolchain_.files.push_back({.path = "/rust/settings.toml", .present = false, .stamp = {}});
  run();
  EXPECT_EQ(learned(), "");
  given_file("/rust/settings.toml", "");
  EXPECT_EQ(learned(), "modified_input_file /rust/settings.toml");
  fs_.remove("/rust/settings.toml");
  fs_.remove("/rust/bin/rustc");
  EXPECT_THAT(learned(), testing::StartsWith("modified_input_file /rust/bin/rustc"));
}

}  // namespace
}  // namespace zc::engine
