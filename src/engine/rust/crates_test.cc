// The crates that a run of rustc found, and those that would come before them, as inputs.
#include "engine/rust/crates.h"

#include <cerrno>

#include "engine/observed/inputs_fixture.h"

namespace zc::engine::rust {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

class CratesTest : public ObservedInputsTest {
 protected:
  CratesTest() {
    for (const char* crate : {"/t/deps/liba.rlib", "/t/deps/liba.rmeta", "/t/deps/libm.so"}) {
      given_file(crate, test::harmless_object());
    }
    given_file("/t/deps/a.d", "");
    fs_.make_directory("/t/more");
    directories_ = {{.path = "/t/deps", .holds_dependencies = true, .is_searched = false},
                    {.path = "/t/more", .holds_dependencies = true, .is_searched = false}};
    roots_ = {{.name = "deps", .directory = "/t/deps"}, {.name = "more", .directory = "/t/more"}};
  }

  std::unique_ptr<InputRules> rules_of(const ObservedCompile& compile) const override {
    return std::make_unique<Crates>(fs_, compile, directories_, named_, links_);
  }
  compiler::OrBypass<> collect_more(const InputRules& rules, const Trace& trace,
                                    InputList& list) const override {
    return static_cast<const Crates&>(rules).collect(trace, list);
  }
  std::optional<codec::Digest> fact_of(const ObservedCompile& compile, const FactName& name,
                                       Looks& looks) const override {
    return name.kind == store::InputKind::kCrateNames ? crate_names(compile, name)
                                                      : compile.facts.find(name, looks);
  }

  std::vector<CrateDirectory> directories_;
  std::set<std::string> named_;
  bool links_ = false;
};

TEST_F(CratesTest, DirectoriesOfCratesAreListedWithoutAllNamesCounting) {
  run().add('T', "/t/deps").add('T', "/t/more");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:directory/@deps", "fact:directory/@more"));
  given_file("/t/deps/libother.rlib", "");
  EXPECT_TRUE(holds());
  fs_.remove("/t/more");
  EXPECT_FALSE(holds());
}

TEST_F(CratesTest, WhereCratesAreLookedForByNameTheirNamesCount) {
  directories_[1].is_searched = true;
  run().add('T', "/t/deps").add('T', "/t/more");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), ElementsAre("fact:directory/@deps", "fact:crates/@more"));
  given_file("/t/more/notes", "");
  EXPECT_TRUE(holds());
  given_file("/t/more/libother.rlib", "");
  EXPECT_FALSE(holds());
}

TEST_F(CratesTest, ACrateThatComesDuringTheRunMayNotHaveBeenListed) {
  directories_[1].is_searched = true;
  run().add('T', "/t/deps").add('T', "/t/more");
  given_file("/t/deps/libother.rlib", "");  // nobody looks for one here
  given_file("/t/more/notes", "");
  EXPECT_EQ(learned(), "");
  given_file("/t/more/libother.rlib", "");
  EXPECT_EQ(learned(), "modified_input_file /t/more/libother.rlib");
}

TEST_F(CratesTest, ADirectoryThatIsNotThereMayNotCome) {
  fs_.remove("/t/more");
  run().add('T', "/t/more", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  fs_.make_directory("/t/more");
  EXPECT_FALSE(holds());
}

TEST_F(CratesTest, OtherDirectoriesBelowAreListedWithTheirNames) {
  given_file("/t/deps/sub/a", "");
  run().add('T', "/t/deps/sub");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:names/@deps/sub"));
}

TEST_F(CratesTest, ALibraryIsMadeOfTheMetadataAlone) {
  run().add('S', "/t/deps/liba.rlib").add('S', "/t/deps/liba.rmeta").add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), AllOf(Contains("@deps/liba.rmeta"), Not(Contains("@deps/liba.rlib"))));
  given_file("/t/deps/liba.rlib", "new code");
  EXPECT_TRUE(holds());
  given_file("/t/deps/liba.rmeta", "new interface");
  EXPECT_FALSE(holds());
}

TEST_F(CratesTest, ALinkReadsAllForms) {
  links_ = true;
  run().add('S', "/t/deps/liba.rlib").add('S', "/t/deps/liba.rmeta").add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsSupersetOf({"@deps/liba.rmeta", "@deps/liba.rlib"}));
}

TEST_F(CratesTest, ACrateThatIsASymlinkIsNotPassedOver) {
  given_file("/store/b", "");
  fs_.link("/t/deps/libb.rlib", "/store/b");
  run().add('S', "/t/deps/libb.rlib");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:link/@deps/libb.rlib"));
}

TEST_F(CratesTest, ASymlinkToADirectoryOfCratesMustNotTurnDuringTheRun) {
  given_file("/real/deps/liba.rmeta", "");
  fs_.link("/link", "/real");
  directories_[1].path = "/link/deps";
  run().add('T', "/link/deps");
  EXPECT_EQ(learned(), "");
  fs_.remove("/link");
  fs_.link("/link", "/real");
  EXPECT_EQ(learned(), "modified_input_file /link/deps");
}

TEST_F(CratesTest, WhatIsReadOrLoadedCountsInAnyForm) {
  for (const char* form : {"/t/deps/liba.rlib", "/t/deps/liba.rmeta"}) {
    run().add('S', form).add('R', form);
  }
  run().add('S', "/t/deps/libm.so").add('D', "/t/deps/libm.so");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsSupersetOf({"@deps/liba.rlib", "@deps/libm.so"}));
}

TEST_F(CratesTest, OnlyCratesOfTheseDirectoriesArePassedOver) {
  given_file("/t/other/liba.rlib", "");
  given_file("/t/deps/sub/liba.rlib", "");
  run().add('S', "/t/deps/a.d").add('S', "/t/other/liba.rlib").add('S', "/t/deps/sub/liba.rlib");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsSupersetOf({"@deps/a.d", "/t/other/liba.rlib", "@deps/sub/liba.rlib"}));
}

TEST_F(CratesTest, AFormThatIsMissingAndHasComeSinceIsNotLearned) {
  run().add('S', "/t/deps/libb.rlib", ENOENT);
  given_file("/t/deps/libb.rlib", "");
  EXPECT_EQ(learned(), "modified_input_file /t/deps/libb.rlib");
}

TEST_F(CratesTest, TheSameCrateMayComeFirstInAnotherDirectory) {
  run().add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(),
              UnorderedElementsAre("@more/liba.rlib/", "@more/liba.rmeta/", "@more/liba.so/"));
  given_file("/t/more/libb.rlib", "");
  EXPECT_TRUE(holds());
  given_file("/t/more/liba.rlib", "");
  EXPECT_FALSE(holds());
}

TEST_F(CratesTest, AFormThatIsPreferredMayComeIntoItsDirectory) {
  fs_.remove("/t/deps/liba.rmeta");
  run().add('R', "/t/deps/liba.rlib");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsSupersetOf({"@deps/liba.rmeta/", "@deps/liba.so/"}));
  EXPECT_THAT(absences(), Not(Contains("@deps/liba.rlib/")));
  given_file("/t/deps/liba.rmeta", "");
  EXPECT_FALSE(holds());
}

TEST_F(CratesTest, ALinkMayFindAnotherFormOfTheMetadata) {
  fs_.remove("/t/deps/liba.rlib");
  links_ = true;
  run().add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsSupersetOf({"@deps/liba.rlib/", "@deps/liba.so/"}));
}

TEST_F(CratesTest, AFormThatWasSeenIsNoAbsence) {
  links_ = true;
  run().add('S', "/t/deps/liba.rlib").add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), Not(Contains("@deps/liba.rlib/")));
  EXPECT_THAT(absences(), Contains("@deps/liba.so/"));
}

TEST_F(CratesTest, ACrateThatIsNamedIsLookedForNowhereElse) {
  named_ = {"/t/deps/liba.rmeta"};
  run().add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(CratesTest, CratesThatAreOnlyLookedAtHaveNoAbsences) {
  run().add('S', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(CratesTest, DirectoriesWithoutDependenciesHoldNoOther) {
  directories_[1].holds_dependencies = false;
  run().add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(CratesTest, AnotherTargetDirectoryServesAsWell) {
  run().add('T', "/t/deps").add('R', "/t/deps/liba.rmeta");
  EXPECT_EQ(learned(), "");
  given_file("/u/deps/liba.rmeta", test::harmless_object());
  fs_.make_directory("/u/more");
  roots_ = {{.name = "deps", .directory = "/u/deps"}, {.name = "more", .directory = "/u/more"}};
  EXPECT_TRUE(holds());
  given_file("/u/more/liba.so", "");
  EXPECT_FALSE(holds());
}

TEST_F(CratesTest, ACrateMustBeOlderThanItsFirstReading) {
  given_file("/w/libdep.rlib", "one");
  run().add('S', "/w/libdep.rlib");
  given_file("/w/libdep.rlib", "two");
  fs_.tick();
  run().add('R', "/w/libdep.rlib");
  EXPECT_EQ(learned(), "") << "cargo moves times";
  run().add('S', "/w/libnew.rlib", ENOENT);
  given_file("/w/libnew.rlib", "new");
  fs_.tick();
  run().add('R', "/w/libnew.rlib");
  EXPECT_EQ(learned(), "modified_input_file /w/libnew.rlib");
}

TEST_F(CratesTest, NamesOfCratesAreThoseOfLibraries) {
  directories_[1].is_searched = true;
  given_file("/t/more/libc.rlib", "");
  run().add('T', "/t/deps").add('T', "/t/more");
  EXPECT_EQ(learned(), "");
  for (const char* other : {"a.rlib", "liba.a", "liba.rs", "liba.rlib.tmp", "x.d"}) {
    given_file(std::string("/t/more/") + other, "");
    EXPECT_TRUE(holds()) << other;
  }
  for (const char* crate : {"libb.rlib", "liba.rmeta", "libm.so"}) {
    given_file(std::string("/t/more/") + crate, "");
    EXPECT_FALSE(holds()) << crate;
    fs_.remove(std::string("/t/more/") + crate);
    EXPECT_TRUE(holds()) << crate;
  }
}

}  // namespace
}  // namespace zc::engine::rust
