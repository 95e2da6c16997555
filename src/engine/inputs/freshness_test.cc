#include "engine/inputs/freshness.h"

#include <map>

#include <gtest/gtest.h>

#include "engine/inputs/input_text.h"
#include "support/mem_file_system.h"
#include "support/mem_store.h"

namespace zc::engine {
namespace {

struct Around final : RequestContext {
  os::DirectoryHandle working_directory() const override { return cwd; }
  std::optional<Digest> fact(const FactName& name, Looks& looks) const override {
    os::FileStamp stamp;
    if (name.kind == store::InputKind::kDirectory) {
      return looks.stat(*fs, std::string(name.name), stamp) == 0
                 ? std::optional(codec::digest_of(""))
                 : std::nullopt;
    }
    const auto it = facts.find({name.kind, std::string(name.name)});
    return it == facts.end() ? std::nullopt : std::optional(codec::digest_of(it->second));
  }
  bool may_write_to(std::string_view directory) const override { return directory == writes_to; }
  std::optional<std::string> root_directory(std::string_view name) const override {
    const auto it = roots.find(std::string(name));
    return it == roots.end() ? std::nullopt : std::optional(it->second);
  }

  const os::FileSystem* fs = nullptr;
  os::DirectoryHandle cwd = os::FileSystem::kNoDirectory;
  std::map<std::pair<store::InputKind, std::string>, std::string> facts;
  std::map<std::string, std::string> roots;
  std::string writes_to;
};

class FreshnessTest : public testing::Test {
 protected:
  FreshnessTest() {
    around_.fs = &fs_;
    fs_.write("/w/a.cc", "source");
    fs_.write("/w/inc/a.h", "header");
    fs_.make_directory("/w/first");
    fs_.tick();
  }

  store::InputId file(const std::string& path, const std::string& content) {
    return store_.intern({.name = path, .digest = codec::digest_of(content)});
  }
  store::InputId absent(const std::string& path) {
    return store_.intern(
        {.kind = store::InputKind::kAbsence, .name = path, .digest = std::nullopt});
  }
  // A file in the root "libraries", or an absence.
  store::InputId below_root(const std::string& path, std::optional<std::string> content) {
    return store_.intern(
        {.kind = content ? store::InputKind::kFile : store::InputKind::kAbsence,
         .root = "libraries",
         .name = path,
         .digest = content ? std::optional(codec::digest_of(*content)) : std::nullopt});
  }
  // a.cc and inc/a.h as they are, with nothing in first/ to shadow the header.
  std::unique_ptr<LoadedSet> usual_set() {
    return load_input_set({.deps = {file("a.cc", "source"), file("inc/a.h", "header")},
                           .others = {absent("first/a.h"), absent("later/")},
                           .result = {}},
                          table_);
  }
  bool holds(const LoadedSet& set, SeenFiles* seen = nullptr) {
    os::OpenDirectory cwd(fs_);
    EXPECT_EQ(cwd.open(os::FileSystem::kNoDirectory, "/w"), 0);
    around_.cwd = cwd.handle();
    return Freshness(fs_, cache_).holds(set, around_, seen);
  }

  test::MemFileSystem fs_;
  test::MemStore store_;
  InputTable table_{store_};
  files::FileCache cache_{fs_, nullptr};
  Around around_;
};

TEST_F(FreshnessTest, APathMayBeAnyBytes) {
  for (const std::string directory : {"\1d", "\2lib", "@deps", "\1"}) {
    const auto set = load_input_set(
        {.deps = {file("a.cc", "source")}, .others = {absent(directory + "/HOME")}, .result = {}},
        table_);
    EXPECT_TRUE(holds(*set));
    fs_.write("/w/" + directory + "/HOME", "text");
    EXPECT_FALSE(holds(*set));
    const auto read = load_input_set(
        {.deps = {file(directory + "/HOME", "text")}, .others = {}, .result = {}}, table_);
    EXPECT_TRUE(holds(*read));
  }
}

TEST_F(FreshnessTest, ComparesTheValuesOfFacts) {
  using store::InputKind;
  const auto set = load_input_set(
      {.deps = {file("a.cc", "source")},
       .others = {store_.intern({.kind = InputKind::kVariable,
                                 .name = "HOME",
                                 .digest = codec::digest_of("/root")}),
                  store_.intern(
                      {.kind = InputKind::kVariable, .name = "EDITOR", .digest = std::nullopt})},
       .result = {}},
      table_);
  const std::pair home(InputKind::kVariable, std::string("HOME"));
  EXPECT_FALSE(holds(*set)) << "HOME is unset";
  around_.facts[home] = "/home/me";
  EXPECT_FALSE(holds(*set));
  around_.facts[home] = "/root";
  EXPECT_TRUE(holds(*set));
  around_.facts[{InputKind::kVariable, "EDITOR"}] = "";
  EXPECT_FALSE(holds(*set));
  os::OpenDirectory cwd(fs_);
  ASSERT_EQ(cwd.open(os::FileSystem::kNoDirectory, "/w"), 0);
  around_.cwd = cwd.handle();
  const auto found = Freshness(fs_, cache_).differences(*set, around_, 9);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(text_of(found.front().input), "variable EDITOR");
}

// Without the fact's value: it is seen when the directory is opened.
TEST_F(FreshnessTest, ADirectoryStaysWhereItsPathSays) {
  const store::InputId real = store_.intern({.kind = store::InputKind::kRealPath,
                                             .name = "/w/inc",
                                             .digest = codec::digest_of("/w/inc")});
  const auto set = load_input_set(
      {.deps = {file("/w/inc/a.h", "header")}, .others = {real}, .result = {}}, table_);
  EXPECT_TRUE(set->path_facts.empty());
  EXPECT_TRUE(holds(*set));
  fs_.rename("/w/inc/a.h", "/w/moved/a.h");
  fs_.remove("/w/inc");
  EXPECT_FALSE(holds(*set));
  fs_.link("/w/inc", "moved");
  EXPECT_FALSE(holds(*set));
}

// The way to what is above a real directory is a part of the way to that.
TEST_F(FreshnessTest, WhatIsAboveARealDirectoryIsReal) {
  const auto real = [&](const std::string& path) {
    return store_.intern(
        {.kind = store::InputKind::kRealPath, .name = path, .digest = codec::digest_of(path)});
  };
  const auto set = load_input_set({.deps = {file("/w/inc/a.h", "header"), file("a.cc", "source")},
                                   .others = {real("/w/inc"), real("/w"), real("/w/in")},
                                   .result = {}},
                                  table_);
  ASSERT_EQ(set->path_facts.size(), 1U);
  EXPECT_EQ(set->path_facts.front().name, "/w/in");
  around_.facts[{store::InputKind::kRealPath, "/w/in"}] = "/w/in";
  EXPECT_TRUE(holds(*set));
  for (const std::string name : {"/inc/a.h", "/a.cc"}) {
    fs_.rename("/w" + name, "/moved" + name);
  }
  for (const char* directory : {"/w/inc", "/w/first", "/w"}) {
    fs_.remove(directory);
  }
  fs_.link("/w", "moved");
  EXPECT_FALSE(holds(*set));
}

// They are read once; then the stamp of their directory says that they are the same.
TEST_F(FreshnessTest, NamesHoldWhileTheirDirectoryIsTheSame) {
  const std::pair names(store::InputKind::kNames, std::string("/w/inc"));
  around_.facts[names] = "a.h";
  const auto set = load_input_set(
      {.deps = {file("a.cc", "source")},
       .others = {store_.intern(
           {.kind = names.first, .name = names.second, .digest = codec::digest_of("a.h")})},
       .result = {}},
      table_);
  EXPECT_TRUE(holds(*set));
  around_.facts[names] = "b.h";
  EXPECT_TRUE(holds(*set)) << "the directory has not changed";
  around_.writes_to = "/w/inc";
  EXPECT_FALSE(holds(*set)) << "other names count for this request";
  around_.writes_to.clear();
  EXPECT_TRUE(holds(*set));
  fs_.write("/w/inc/b.h", "another");
  EXPECT_FALSE(holds(*set));
  around_.facts[names] = "a.h";
  EXPECT_TRUE(holds(*set));
  around_.facts[names] = "b.h";
  EXPECT_FALSE(holds(*set)) << "the directory has just changed, and may again under this stamp";
  fs_.tick();
  fs_.is_local = false;
  around_.facts[names] = "a.h";
  EXPECT_TRUE(holds(*set));
  around_.facts[names] = "b.h";
  EXPECT_FALSE(holds(*set)) << "a server may make names without a change of the stamp";
}

// Where the directory is real to which they lead back, so are they.
TEST_F(FreshnessTest, PathsWithDotsThatFollowFromOthersAreNotCompared) {
  const auto real = [&](const std::string& path, const std::string& value) {
    return store_.intern(
        {.kind = store::InputKind::kRealPath, .name = path, .digest = codec::digest_of(value)});
  };
  const std::string dots = "/w/inc/../inc";
  const auto related = [&](const std::string& names) {
    return store_.intern(
        {.kind = store::InputKind::kSameFiles, .name = names, .digest = codec::digest_of("one")});
  };
  const std::string names = dots + '\0' + "/lib/../lib" + '\0' + "/w/first";
  const auto set = load_input_set({.deps = {file("/w/inc/a.h", "header")},
                                   .others = {real("/w/inc", "/w/inc"), real(dots, "/w/inc"),
                                              real("/w/inc/..", "/elsewhere"), related(names)},
                                   .result = {}},
                                  table_);
  ASSERT_EQ(set->path_facts.size(), 2U);
  EXPECT_EQ(set->path_facts.front().name, "/w/inc/..") << "its value does not follow";
  const std::string expected = std::string("/w/inc") + '\0' + "/lib/../lib" + '\0' + "/w/first";
  EXPECT_EQ(set->path_facts.back().name, expected);
  ASSERT_EQ(set->groups.size(), 1U);
  EXPECT_TRUE(set->groups.front().is_related);
  around_.facts[{store::InputKind::kRealPath, "/w/inc/.."}] = "/elsewhere";
  around_.facts[{store::InputKind::kSameFiles, expected}] = "one";
  EXPECT_TRUE(holds(*set));
  fs_.rename("/w/inc/a.h", "/moved/a.h");
  fs_.remove("/w/inc");
  fs_.link("/w/inc", "/moved");
  EXPECT_FALSE(holds(*set));
}

// Few files are looked at without their directory, which may be another one by then.
TEST_F(FreshnessTest, FewFilesAndManyFollowTheirDirectory) {
  for (const int count : {1, 9}) {
    store::InputSet names = {.deps = {}, .others = {}, .result = {}};
    for (int i = 0; i < count; ++i) {
      const std::string name = "/a" + std::to_string(i) + ".h";
      fs_.write("/v1" + name, "one");
      fs_.write("/v2" + name, "two");
      names.deps.push_back(file("/inc" + name, "one"));
    }
    fs_.link("/inc", "/v1");
    fs_.tick();
    const auto set = load_input_set(names, table_);
    EXPECT_TRUE(holds(*set)) << count;
    EXPECT_TRUE(holds(*set)) << count;
    fs_.link("/inc", "/v2");
    EXPECT_FALSE(holds(*set)) << count;
    EXPECT_EQ(fs_.open_handles(), 0U);
  }
}

TEST_F(FreshnessTest, ADirectoryOfAFactAndOfAbsencesIsLookedAtOnce) {
  const auto set = load_input_set(
      {.deps = {file("a.cc", "source")},
       .others = {absent("/w/first/a.h"), store_.intern({.kind = store::InputKind::kDirectory,
                                                         .name = "/w/first",
                                                         .digest = codec::digest_of("")})},
       .result = {}},
      table_);
  EXPECT_TRUE(holds(*set));
  fs_.stats = 0;
  EXPECT_TRUE(holds(*set));
  EXPECT_EQ(fs_.stats, 2) << "the source, and the directory";
  fs_.tick();
  fs_.write("/w/first/a.h", "another");
  EXPECT_FALSE(holds(*set));
}

TEST_F(FreshnessTest, ARealPathThatNoNameOfTheSetSharesIsAFact) {
  const auto real = [&](const std::string& path, const std::string& value) {
    return store_.intern(
        {.kind = store::InputKind::kRealPath, .name = path, .digest = codec::digest_of(value)});
  };
  const auto set = load_input_set({.deps = {file("/w/inc/a.h", "header")},
                                   .others = {real("/w", "/w"), real("/w/inc", "/elsewhere")},
                                   .result = {}},
                                  table_);
  EXPECT_EQ(set->path_facts.size(), 2U);
}

TEST_F(FreshnessTest, LooksInTheDirectoryThatTheRequestNames) {
  fs_.write("/one/liba.rlib", "a");
  fs_.write("/two/liba.rlib", "a");
  fs_.write("/two/sub/b", "b");
  fs_.write("/three/liba.rlib", "other");
  fs_.tick();
  const auto set =
      load_input_set({.deps = {},
                      .others = {below_root("/liba.rlib", "a"), below_root("/sub/b", std::nullopt)},
                      .result = {}},
                     table_);
  EXPECT_FALSE(holds(*set)) << "there is no such root";
  for (const auto& [directory, expected] :
       {std::pair{"/one", true}, {"/two", false}, {"/three", false}, {"../one", true}}) {
    around_.roots["libraries"] = directory;
    EXPECT_EQ(holds(*set), expected) << directory;
  }
}

TEST_F(FreshnessTest, HoldsWhileNothingChanges) {
  const auto set = usual_set();
  EXPECT_TRUE(holds(*set));
  EXPECT_TRUE(holds(*set));
  EXPECT_EQ(fs_.reads, 2) << "a file is read once, then known by its stamp";
  EXPECT_EQ(fs_.open_handles(), 0U);
}

TEST_F(FreshnessTest, HoldsAgainWhenAHeaderIsReverted) {
  const auto set = usual_set();
  EXPECT_TRUE(holds(*set));
  fs_.write("/w/inc/a.h", "edited");
  EXPECT_FALSE(holds(*set));
  fs_.write("/w/inc/a.h", "header");
  EXPECT_TRUE(holds(*set));
}

TEST_F(FreshnessTest, FailsWhenAHeaderGoes) {
  const auto set = usual_set();
  fs_.remove("/w/inc/a.h");
  EXPECT_FALSE(holds(*set));
}

TEST_F(FreshnessTest, FailsWhenItsDirectoryGoes) {
  const auto set = usual_set();
  EXPECT_TRUE(holds(*set));
  fs_.remove("/w/inc");
  EXPECT_FALSE(holds(*set));
}

TEST_F(FreshnessTest, FailsWhenAHeaderShadows) {
  const auto set = usual_set();
  EXPECT_TRUE(holds(*set));
  fs_.tick();
  fs_.write("/w/first/a.h", "another");
  EXPECT_FALSE(holds(*set));
  fs_.remove("/w/first/a.h");
  EXPECT_TRUE(holds(*set));
}

TEST_F(FreshnessTest, IgnoresOtherNamesInASearchedDirectory) {
  const auto set = usual_set();
  EXPECT_TRUE(holds(*set));
  fs_.tick();
  fs_.write("/w/first/b.h", "another");
  EXPECT_TRUE(holds(*set));
}

TEST_F(FreshnessTest, ADirectoryIsNoHeader) {
  const auto set = usual_set();
  fs_.make_directory("/w/first/a.h");
  EXPECT_TRUE(holds(*set));
}

TEST_F(FreshnessTest, FailsWhenAMissingDirectoryComes) {
  const auto set = usual_set();
  EXPECT_TRUE(holds(*set));
  fs_.tick();
  fs_.make_directory("/w/later");
  EXPECT_FALSE(holds(*set));
}

TEST_F(FreshnessTest, SeesTheTargetOfADanglingLinkCome) {
  fs_.link("/w/first/a.h", "/elsewhere/a.h");
  fs_.tick();
  const auto set = usual_set();
  EXPECT_TRUE(holds(*set));
  EXPECT_TRUE(holds(*set));
  fs_.write("/elsewhere/a.h", "another");  // no change in /w/first
  EXPECT_FALSE(holds(*set));
}

TEST_F(FreshnessTest, SeesADirectoryLinkRetargeted) {
  fs_.write("/v2/a.h", "version two");
  fs_.remove("/w/inc");
  fs_.write("/v1/a.h", "header");
  fs_.link("/w/inc", "/v1");
  fs_.tick();
  const auto set = usual_set();
  EXPECT_TRUE(holds(*set));
  fs_.link("/w/inc", "/v2");
  EXPECT_FALSE(holds(*set));
}

TEST_F(FreshnessTest, AnAbsenceJustVerifiedIsNotTrustedYet) {
  const auto set = usual_set();
  fs_.write("/w/first/b.h", "x");  // first/ changes now; the clock stands still
  EXPECT_TRUE(holds(*set));
  fs_.write("/w/first/a.h", "shadow");  // under the same directory stamp
  EXPECT_FALSE(holds(*set));
}

TEST_F(FreshnessTest, AnAbsenceOnANetworkIsLookedAtEachTime) {
  const auto stats_of_a_look = [&](bool is_local) {
    fs_.is_local = is_local;
    const auto set = usual_set();
    EXPECT_TRUE(holds(*set));
    fs_.stats = 0;
    EXPECT_TRUE(holds(*set));
    return fs_.stats.load();
  };
  EXPECT_LT(stats_of_a_look(true), stats_of_a_look(false));
}

TEST_F(FreshnessTest, ObservationsServeTheNextSet) {
  const auto set = usual_set();
  SeenFiles seen;
  EXPECT_TRUE(holds(*set, &seen));
  const int stats_before = fs_.stats;
  EXPECT_TRUE(holds(*set, &seen));
  EXPECT_LT(fs_.stats - stats_before, stats_before);
}

TEST_F(FreshnessTest, AbsentNamesAreBesideTheAbsenceBeforeThem) {
  const auto name = [&](const std::string& text) {
    return store_.intern(
        {.kind = store::InputKind::kAbsentName, .name = text, .digest = std::nullopt});
  };
  const auto set = load_input_set({.deps = {file("a.cc", "source")},
                                   .others = {absent("/w/first/a.h"), name("b.h"), name("c/"),
                                              absent("/w/inc/c/"), name("b.h")},
                                   .result = {}},
                                  table_);
  EXPECT_TRUE(holds(*set));
  for (const char* path :
       {"/w/first/a.h", "/w/first/b.h", "/w/first/c", "/w/inc/b.h", "/w/inc/c"}) {
    fs_.tick();
    fs_.write(path, "another");
    EXPECT_FALSE(holds(*set)) << path;
    fs_.remove(path);
    EXPECT_TRUE(holds(*set)) << path;
  }
  fs_.write("/w/inc/d.h", "no absence");
  fs_.make_directory("/w/first/b.h");
  EXPECT_TRUE(holds(*set));
  EXPECT_EQ(load_input_set({.deps = {}, .others = {name("b.h")}, .result = {}}, table_), nullptr)
      << "beside nothing";
}

TEST_F(FreshnessTest, ALostInputMakesNoSet) {
  EXPECT_EQ(load_input_set({.deps = {77}, .others = {}, .result = {}}, table_), nullptr);
  EXPECT_EQ(load_input_set({.deps = {absent("x")}, .others = {}, .result = {}}, table_), nullptr);
}

TEST(StampCellTest, MatchesWhatWasSetAndNothingBefore) {
  StampCell cell;
  os::FileStamp stamp{.dev = 1, .ino = 2, .size_bytes = 3, .mtime_ns = 4, .ctime_ns = 5, .mode = 6};
  EXPECT_FALSE(cell.matches(os::FileStamp{}));
  cell.set(stamp);
  EXPECT_TRUE(cell.matches(stamp));
  stamp.ctime_ns = 6;
  EXPECT_FALSE(cell.matches(stamp));
}

}  // namespace
}  // namespace zc::engine
