#include "engine/observed/facts.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "engine/observed/variables.h"
#include "support/input_names.h"
#include "support/mem_file_system.h"

namespace zc::engine {
namespace {

using codec::Digest;
using codec::digest_of;
using Words = std::vector<std::string>;

class FactsTest : public testing::Test {
 protected:
  // The value of a fact for a request with these variables.
  std::optional<Digest> told(const std::string& name, const Words& env = {}) const {
    const std::vector<std::string_view> views(env.begin(), env.end());
    const RequestEnvironment environment(views);
    const std::optional<store::Input> fact = test::fact_of(name);
    Looks looks;
    return fact ? Facts(fs_, environment, cwd_, roots_, own_, terminal_)
                      .find({.kind = fact->kind, .root = fact->root, .name = fact->name}, looks)
                : std::nullopt;
  }
  std::string which(const std::string& program, const std::string& path) const {
    const std::string assignment = "PATH=" + path;
    const std::vector<std::string_view> views = {assignment};
    const RequestEnvironment environment(views);
    return Facts(fs_, environment, cwd_, roots_, own_, terminal_).which(program);
  }
  void given_program(const std::string& path) {
    fs_.write(path, "program");
    fs_.set_mode(path, S_IFREG | 0755);
  }

  test::MemFileSystem fs_;
  const std::string cwd_ = "/w";
  PathRoots roots_;
  std::set<std::string> own_;
  std::string terminal_;
};

// --- variables

TEST_F(FactsTest, AVariableIsItsValue) {
  for (const char* kind : {"env/", "tracked/"}) {
    const std::string name = std::string(kind) + "HOME";
    EXPECT_EQ(told(name, {"HOME=/root"}), digest_of("/root")) << kind;
    EXPECT_EQ(told(name, {"HOME="}), digest_of("")) << "empty is not unset";
    EXPECT_EQ(told(name, {"HOMES=/root", "HOM=/root"}), std::nullopt) << kind;
  }
}

TEST_F(FactsTest, OnlyAPathVariableIsRelativeToItsPlace) {
  roots_.add("deps", "/t/deps");
  const Words env = {"DIR=/t/deps/x", "LIST=/t/deps:/usr/lib"};
  const auto of_x = told("path/DIR", env);
  ASSERT_TRUE(of_x);
  EXPECT_EQ(told("env/DIR", env), digest_of("/t/deps/x"));
  EXPECT_EQ(told("tracked/DIR", env), digest_of("/t/deps/x"));
  EXPECT_EQ(told("path/NONE", env), std::nullopt);
  EXPECT_NE(told("path/EMPTY", {"EMPTY="}), std::nullopt) << "empty is not unset";
  roots_ = {};
  roots_.add("deps", "/u");
  EXPECT_EQ(told("path/DIR", {"DIR=/u/x"}), of_x);
  EXPECT_NE(told("path/DIR", {"DIR=/u/y"}), of_x);
  EXPECT_NE(told("path/DIR", env), of_x) << "in no root";
  const auto of_list = told("path/LIST", env);
  EXPECT_NE(told("path/LIST", {"LIST=/u:/usr/lib"}), of_list) << "a list is no path";
}

TEST_F(FactsTest, TheWholeEnvironmentIsAllNamesAndValuesInNoOrder) {
  const auto base = told("environment/", {"A=1", "B=2"});
  ASSERT_TRUE(base);
  EXPECT_EQ(told("environment/", {"B=2", "A=1"}), base);
  for (const Words& other : std::vector<Words>{
           {"A=1"}, {"A=1", "B=3"}, {"A=1", "C=2"}, {"A=1", "B=2", "C="}, {"A=1B=2"}, {}}) {
    EXPECT_NE(told("environment/", other), base);
  }
}

TEST_F(FactsTest, ATerminalIsItsWidthAndTheVariablesOfTerminals) {
  EXPECT_EQ(told("terminal/", {"TERM=xterm"}), std::nullopt);
  terminal_ = "80 80";
  const auto base = told("terminal/", {"TERM=xterm"});
  ASSERT_TRUE(base);
  EXPECT_EQ(told("terminal/", {"TERM=xterm", "HOME=/h"}), base);
  for (const Words& other : std::vector<Words>{{"TERM=dumb"},
                                               {},
                                               {"TERM=xterm", "COLORTERM="},
                                               {"TERM=xterm", "COLUMNS=90"},
                                               {"TERM=xterm", "VTE_VERSION=1"}}) {
    EXPECT_NE(told("terminal/", other), base);
  }
  terminal_ = "80 90";
  EXPECT_NE(told("terminal/", {"TERM=xterm"}), base);
}

TEST_F(FactsTest, WhatCiServicesSetIsNotInWhatCargoReads) {
  const auto base = told("environment/cargo", {"A=1"});
  EXPECT_EQ(told("environment/cargo", {"A=1", "GITHUB_RUN_ID=7", "CI_JOB_ID=8"}), base);
  for (const char* other : {"CI=1", "CARGO_TERM_VERBOSE=true", "GITHUB=1", "MY_GITHUB_RUN_ID=7"}) {
    EXPECT_NE(told("environment/cargo", {"A=1", other}), base) << other;
  }
  EXPECT_NE(told("environment/", {"A=1", "GITHUB_RUN_ID=7"}), told("environment/", {"A=1"}));
}

TEST_F(FactsTest, UncountedVariablesAreNotInTheWholeEnvironment) {
  const auto base = told("environment/", {"A=1"});
  for (const char* uncounted :
       {"CARGO_MAKEFLAGS=-j", "MAKEFLAGS=-j", "MFLAGS=-j", "ZCCACHE_DISABLE=0", "ZCCACHE_="}) {
    EXPECT_EQ(told("environment/", {"A=1", uncounted}), base) << uncounted;
  }
  for (const char* counted : {"MAKEFLAGS_=-j", "XMFLAGS=-j", "ZCCACHE=1", "PWD=/w", "_=x"}) {
    EXPECT_NE(told("environment/", {"A=1", counted}), base) << counted;
  }
}

TEST_F(FactsTest, ACompilerThatTracksAnUncountedVariableIsToldAllTheSame) {
  EXPECT_TRUE(is_uncounted_variable("MAKEFLAGS"));
  EXPECT_EQ(told("tracked/MAKEFLAGS", {"MAKEFLAGS=-j"}), digest_of("-j"));
}

// --- programs

TEST_F(FactsTest, PathLeadsToTheFirstProgramOfTheName) {
  given_program("/second/cc");
  given_program("/third/cc");
  EXPECT_EQ(which("cc", "/first:/second:/third"), "/second/cc");
  EXPECT_EQ(told("which/cc", {"PATH=/first:/second:/third"}), digest_of("/second/cc"));
  EXPECT_EQ(told("which/cc", {"PATH=/third:/second"}), digest_of("/third/cc"));
  EXPECT_EQ(told("which/cc", {"PATH=/first"}), std::nullopt);
  EXPECT_EQ(told("which/cc"), std::nullopt) << "without PATH";
  given_program("/first/cc");
  EXPECT_EQ(which("cc", "/first:/second"), "/first/cc");
}

TEST_F(FactsTest, PathPassesOverWhatIsNoProgram) {
  fs_.write("/text/cc", "");
  fs_.make_directory("/directory/cc");
  fs_.link("/dangling/cc", "/nowhere");
  given_program("/bin/cc-12");
  fs_.link("/bin/cc", "/bin/cc-12");
  EXPECT_EQ(which("cc", "/text:/directory:/dangling:/bin"), "/bin/cc");
}

TEST_F(FactsTest, DirectoriesOfPathThatAreNotAbsoluteAreInTheCwd) {
  given_program("/cc");
  given_program("/bin/cc");
  EXPECT_EQ(which("cc", ":tools:/bin/"), "/bin/cc") << "an empty one is not the root";
  given_program("/w/tools/cc");
  EXPECT_EQ(which("cc", ":tools:/bin/"), "/w/tools/cc");
  given_program("/w/cc");
  EXPECT_EQ(which("cc", ":tools:/bin/"), "/w/cc");
  EXPECT_EQ(which("cc", "/bin:"), "/bin/cc");
}

// --- directories, names and links

TEST_F(FactsTest, ADirectoryIsThereOrNot) {
  roots_.add("deps", "/t/deps");
  fs_.write("/t/deps/file", "");
  fs_.link("/t/link", "/t/deps");
  const auto there = told("directory//t");
  ASSERT_TRUE(there);
  for (const char* directory : {"directory/@deps", "directory//t/link", "directory//"}) {
    EXPECT_EQ(told(directory), there) << directory;
  }
  for (const char* none : {"directory//t/deps/file", "directory//nowhere", "directory/@deps/sub",
                           "directory/@other"}) {
    EXPECT_EQ(told(none), std::nullopt) << none;
  }
}

TEST_F(FactsTest, NamesAreThoseInTheDirectory) {
  fs_.write("/w/d/a", "");
  fs_.write("/w/d/b/below", "");
  const auto before = told("names//w/d");
  ASSERT_TRUE(before);
  fs_.write("/w/d/a", "other content");
  fs_.write("/w/d/b/too", "");
  EXPECT_EQ(told("names//w/d"), before) << "contents and what lies below do not count";
  fs_.write("/w/d/c", "");
  EXPECT_NE(told("names//w/d"), before);
  fs_.remove("/w/d/c");
  EXPECT_EQ(told("names//w/d"), before);
  fs_.rename("/w/d/a", "/w/d/z");
  EXPECT_NE(told("names//w/d"), before);
}

TEST_F(FactsTest, AnEmptyDirectoryIsNotAMissingOne) {
  fs_.make_directory("/w/empty");
  fs_.write("/w/file", "");
  EXPECT_TRUE(told("names//w/empty"));
  for (const char* none : {"names//w/nowhere", "names//w/file", "names/@other"}) {
    EXPECT_EQ(told(none), std::nullopt) << none;
  }
}

TEST_F(FactsTest, OwnOutputsAreNotAmongTheNames) {
  fs_.write("/w/d/a", "");
  const auto before = told("names//w/d");
  own_ = {"/w/d/liba.rlib", "/elsewhere/b"};
  fs_.write("/w/d/liba.rlib", "");
  EXPECT_EQ(told("names//w/d"), before);
  fs_.write("/w/d/b", "");
  EXPECT_NE(told("names//w/d"), before) << "the output of this name lies elsewhere";
}

TEST_F(FactsTest, NamesOfAPlaceAreThoseOfItsDirectory) {
  roots_.add("deps", "/t/deps");
  fs_.write("/t/deps/liba.rlib", "");
  EXPECT_EQ(told("names/@deps"), told("names//t/deps"));
}

TEST_F(FactsTest, SameFilesAreKnownByIdentityAndTime) {
  const auto same = [&] { return told(std::string("same//w/a\0/w/b\0/w/d", 19)); };
  fs_.make_directory("/w/d");
  fs_.write("/w/a", "one");
  fs_.write("/w/b", "one");
  const auto equal_times = same();
  fs_.tick();
  fs_.write("/w/b", "one");
  const auto other_times = same();
  EXPECT_NE(other_times, equal_times);
  fs_.write("/w/a", "one");
  EXPECT_EQ(same(), equal_times) << "which time it is does not matter";
  fs_.link("/w/b", "/w/a");
  EXPECT_NE(same(), equal_times);
  EXPECT_NE(same(), other_times);
  fs_.remove("/w/d");
  EXPECT_NE(same(), std::nullopt);
}

TEST_F(FactsTest, ALinkIsItsText) {
  roots_.add("deps", "/t/deps");
  fs_.write("/t/deps/a", "");
  fs_.link("/t/deps/link", "a");
  fs_.link("/w/dangling", "/nowhere");
  EXPECT_EQ(told("link/@deps/link"), digest_of("a"));
  EXPECT_EQ(told("link//w/dangling"), digest_of("/nowhere"));
  for (const char* none : {"link//t/deps/a", "link//t/deps", "link//w/none", "link/@other/link"}) {
    EXPECT_EQ(told(none), std::nullopt) << none;
  }
}

TEST_F(FactsTest, MetadataIsWhatStatTells) {
  roots_.add("deps", "/t/deps");
  fs_.write("/t/deps/a", "one");
  fs_.link("/t/deps/link", "a");
  const auto base = told("metadata//t/deps/a");
  ASSERT_TRUE(base);
  EXPECT_EQ(told("metadata/@deps/a"), base);
  EXPECT_NE(told("metadata//t/deps/link"), base);
  fs_.tick();
  fs_.set_mode("/t/deps/a", S_IFREG | 0755);
  EXPECT_NE(told("metadata//t/deps/a"), base);
  fs_.set_mode("/t/deps/a", S_IFREG | 0644);
  EXPECT_EQ(told("metadata//t/deps/a"), base);
  fs_.write_keeping_mtime("/t/deps/a", "two");
  EXPECT_EQ(told("metadata//t/deps/a"), base) << "that is for its content to tell";
  fs_.write_keeping_mtime("/t/deps/a", "three");
  EXPECT_NE(told("metadata//t/deps/a"), base);
  fs_.write("/t/deps/a", "one");
  EXPECT_NE(told("metadata//t/deps/a"), base);
  EXPECT_EQ(told("metadata//t/deps/none"), std::nullopt);
}

TEST_F(FactsTest, MetadataIsAlsoTheOwnerTheBirthAndTheNumberOfNames) {
  fs_.write("/w/a", "one");
  const auto base = told("metadata//w/a");
  os::FileDetails& details = fs_.details_of("/w/a");
  for (auto change :
       {+[](os::FileDetails& d) { d.user = 7; }, +[](os::FileDetails& d) { d.group = 7; },
        +[](os::FileDetails& d) { d.born_ns = 7; }}) {
    const os::FileDetails before = details;
    change(details);
    EXPECT_NE(told("metadata//w/a"), base);
    details = before;
  }
  details.read_ns = 7;
  EXPECT_EQ(told("metadata//w/a"), base) << "that is a fact of its own";
  fs_.hard_link("/w/b", "/w/a");
  EXPECT_NE(told("metadata//w/a"), base);
}

TEST_F(FactsTest, ATimeOfAccessIsOfALinkAndOfWhatItLeadsTo) {
  fs_.write("/w/a", "one");
  fs_.link("/w/link", "a");
  const auto base = told("accessed//w/link");
  ASSERT_TRUE(base);
  fs_.details_of("/w/a").read_ns = 7;
  const auto changed = told("accessed//w/link");
  EXPECT_NE(changed, base);
  fs_.details_of("/w/link").read_ns = 7;
  EXPECT_NE(told("accessed//w/link"), changed);
  EXPECT_EQ(told("accessed//w/none"), std::nullopt);
}

TEST_F(FactsTest, MetadataOfALinkIsOfBoth) {
  fs_.write("/w/a", "one");
  fs_.link("/w/link", "a");
  const auto base = told("metadata//w/link");
  ASSERT_TRUE(base);
  fs_.set_mode("/w/a", S_IFREG | 0600);
  const auto changed = told("metadata//w/link");
  EXPECT_NE(changed, base);
  fs_.tick();
  fs_.link("/w/link", "a");
  EXPECT_NE(told("metadata//w/link"), changed);
}

TEST_F(FactsTest, MetadataOfADirectoryIsItsMode) {
  fs_.make_directory("/w/d");
  const auto base = told("metadata//w/d");
  fs_.tick();
  fs_.write("/w/d/a", "");
  EXPECT_EQ(told("metadata//w/d"), base);
  fs_.set_mode("/w/d", S_IFDIR | 0700);
  EXPECT_NE(told("metadata//w/d"), base);
}

TEST_F(FactsTest, MetadataOfADirectoryItselfIsItsTimeAsWell) {
  fs_.make_directory("/w/d");
  const auto base = told("metadata//w/d//");
  ASSERT_TRUE(base);
  fs_.tick();
  fs_.write("/w/d/a", "");
  EXPECT_NE(told("metadata//w/d//"), base);
}

TEST_F(FactsTest, ARealPathIsItsText) {
  fs_.write("/x/a", "");
  fs_.link("/w/link", "/x/a");
  EXPECT_EQ(told("real//w/link"), digest_of("/x/a"));
  EXPECT_EQ(told("real//w/none"), std::nullopt);
}

TEST_F(FactsTest, ARealPathOutsideIsTheWayThere) {
  fs_.write("/checkout/src/a", "");
  fs_.make_directory("/checkout/out");
  fs_.write("/other/src/a", "");
  fs_.make_directory("/other/out");
  const auto told_in = [&](const std::string& cwd, const std::string& name, bool relates = true) {
    PathRoots roots;
    roots.keep_relative(cwd);
    if (relates) {
      roots.relate_outer_paths();
    }
    const std::vector<std::string_view> none;
    const RequestEnvironment environment(none);
    Looks looks;
    return Facts(fs_, environment, cwd, roots, own_, terminal_)
        .find({.kind = store::InputKind::kRealPath, .root = {}, .name = name}, looks);
  };
  ASSERT_TRUE(told_in("/checkout/out", "../src"));
  EXPECT_EQ(told_in("/checkout/out", "../src"), told_in("/other/out", "../src"));
  EXPECT_NE(told_in("/checkout/out", "../src", false), told_in("/other/out", "../src", false));
  const std::string detour = "../src/../src/../src";
  EXPECT_NE(told_in("/checkout/out", detour), told_in("/other/out", detour))
      << "gcc shows a shorter one";
  EXPECT_EQ(told_in("/other/out", "/checkout/src"), digest_of("/checkout/src"));
  fs_.rename("/other/src/a", "/elsewhere/src/a");
  fs_.remove("/other/src");
  fs_.link("/other/src", "/elsewhere/src");
  EXPECT_NE(told_in("/checkout/out", "../src"), told_in("/other/out", "../src"));
}

TEST_F(FactsTest, AListingIsNamesWithTheirKinds) {
  fs_.write("/w/d/a", "");
  fs_.write("/w/d/out", "");
  own_ = {"/w/d/out"};
  const auto base = told("listing//w/d");
  ASSERT_TRUE(base);
  fs_.remove("/w/d/out");
  EXPECT_EQ(told("listing//w/d"), base);
  fs_.link("/w/d/b", "a");
  EXPECT_NE(told("listing//w/d"), base);
  fs_.remove("/w/d/b");
  EXPECT_EQ(told("listing//w/d"), base);
  fs_.remove("/w/d/a");
  fs_.make_directory("/w/d/a");
  EXPECT_NE(told("listing//w/d"), base);
  EXPECT_EQ(told("listing//w/none"), std::nullopt);
}

TEST_F(FactsTest, APlaceIsItsDirectory) {
  roots_.add("checkout", "/w/");
  EXPECT_EQ(told("root/checkout"), digest_of("/w"));
  EXPECT_EQ(told("root/out"), std::nullopt);
}

TEST_F(FactsTest, WhatIsNoFactHasNoValue) {
  fs_.make_directory("/w");
  const RequestEnvironment environment({});
  const Facts facts(fs_, environment, cwd_, roots_, own_, terminal_);
  Looks looks;
  for (const store::InputKind kind :
       {store::InputKind::kFile, store::InputKind::kAbsence, store::InputKind::kSpelledPaths}) {
    EXPECT_EQ(facts.find({.kind = kind, .root = {}, .name = "/w"}, looks), std::nullopt);
  }
}

// --- modules of Fortran

TEST_F(FactsTest, AModuleIsAnotherUnlessItHasTheChecksum) {
  const std::string name = std::string("module//w/m.mod") + '\0' + "61616161";
  const auto yes = told(name);
  ASSERT_TRUE(yes) << "nothing is there";
  fs_.write("/w/m.mod",
            "\x1f\x8b content"
            "aaaa"
            "size");
  EXPECT_EQ(told(name), std::nullopt);
  fs_.write("/w/m.mod",
            "\x1f\x8b content"
            "aaab"
            "size");
  EXPECT_EQ(told(name), yes);
  fs_.write("/w/m.mod", "no module");
  EXPECT_EQ(told(name), yes);
  fs_.remove("/w/m.mod");
  fs_.make_directory("/w/m.mod");
  EXPECT_EQ(told(name), std::nullopt) << "not known";
}

}  // namespace
}  // namespace zc::engine
