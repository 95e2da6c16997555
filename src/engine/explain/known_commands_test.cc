#include "engine/explain/known_commands.h"

#include <map>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "support/mem_file_system.h"
#include "support/mem_store.h"

namespace zc::engine::explain {
namespace {

using history::Change;
using history::ChangeKind;
using history::Compared;
using history::Explanation;
using store::InputKind;

struct Described final : CacheableCompile {
  Described(const os::FileSystem& fs, const wire::CompileRequest& request)
      : CacheableCompile(fs, request) {}
  void plan(RunPlan&) const override {}
  compiler::OrBypass<InputList> learn(const RunOutputs&) override { return InputList(); }
  std::string generate_depfile(const LoadedSet&) const override { return {}; }
  std::optional<Digest> fact(const FactName& name, Looks&) const override {
    const auto found = facts.find({name.kind, std::string(name.name)});
    return found == facts.end() ? std::nullopt : std::optional(codec::digest_of(found->second));
  }
  std::map<std::pair<InputKind, std::string>, std::string> facts;
};

class KnownCommandsTest : public testing::Test {
 protected:
  KnownCommandsTest() {
    fs_.make_directory("/w");
    fs_.make_directory("/v");
    fs_.tick();
  }

  std::unique_ptr<Described> compile(std::vector<std::string> words = {},
                                     const std::string& cwd = "/w",
                                     const std::string& output = "a.o") {
    wire::CompileRequest request;
    request.tool = "/usr/bin/gcc";
    request.cwd = cwd;
    for (const std::string& variable : variables_) {
      request.env.emplace_back(variable);
    }
    auto out = std::make_unique<Described>(fs_, request);
    out->source = "a.c";
    out->products = {{.path = output}};
    codec::KeyHasher key("test");
    for (const std::string& word : words) {
      key.field("arg", word);
    }
    out->set_key(key.finish_key());
    out->facts = facts_;
    return out;
  }

  // As after a run that read this.
  void store_result(const CacheableCompile& compile, const std::vector<store::Input>& inputs) {
    store::InputSet set = {.result = codec::digest_of("result")};
    for (const store::Input& input : inputs) {
      set.others.push_back(store_.intern(input));
    }
    store_.put_result(compile.manifest_key, std::move(set), {});
    known_.remember(compile, codec::digest_of("result"), {});
  }

  test::MemFileSystem fs_;
  test::MemStore store_;
  files::FileCache files_{fs_, nullptr};
  LoadedManifests manifests_{store_};
  KnownCommands known_{fs_, files_, store_, manifests_};
  std::vector<std::string> variables_;
  std::map<std::pair<InputKind, std::string>, std::string> facts_;
};

TEST_F(KnownCommandsTest, AtFirstNothingIsKnown) {
  EXPECT_EQ(known_.explain(*compile()), Explanation());
}

TEST_F(KnownCommandsTest, ComparesWithTheLastCommandOfThatOutput) {
  store_result(*compile({"-O2"}), {});
  const Explanation why = known_.explain(*compile({"-O3"}));
  EXPECT_EQ(why.compared, Compared::kLast);
  EXPECT_EQ(why.place, "/w");
  EXPECT_EQ(why.changes,
            (std::vector<Change>{{.kind = ChangeKind::kWord, .before = "-O2", .after = "-O3"}}));
}

TEST_F(KnownCommandsTest, ElseWithTheNearest) {
  store_result(*compile({"-O2"}), {});
  Explanation why = known_.explain(*compile({"-O3"}, "/w", "b.o"));
  EXPECT_EQ(why.compared, Compared::kNearest);
  EXPECT_EQ(why.changes.size(), 1U);
  why = known_.explain(*compile({"-O3"}, "/v"));
  EXPECT_EQ(why.compared, Compared::kNearest);
  EXPECT_EQ(why.place, "/w");
}

TEST_F(KnownCommandsTest, SaysWhyNothingWasKept) {
  known_.remember(*compile(), std::nullopt, "unrepeatable_input");
  const Explanation why = known_.explain(*compile());
  EXPECT_EQ(why.reason, "unrepeatable_input");
  EXPECT_TRUE(why.changes.empty());
}

TEST_F(KnownCommandsTest, AResultThatIsGoneWasEvicted) {
  store_result(*compile(), {});
  manifests_.forget();
  store_.manifests.clear();
  EXPECT_EQ(known_.explain(*compile()).reason, history::kEvicted);
}

TEST_F(KnownCommandsTest, AHitThatIsKnownWritesNothing) {
  store_result(*compile(), {});
  store_.commands.clear();
  known_.remember(*compile(), codec::digest_of("result"), {});
  EXPECT_TRUE(store_.commands.empty());
  known_.remember(*compile(), codec::digest_of("another"), {});
  EXPECT_FALSE(store_.commands.empty());
  store_.commands.clear();
  known_.forget();
  known_.remember(*compile(), codec::digest_of("another"), {});
  EXPECT_FALSE(store_.commands.empty());
}

TEST_F(KnownCommandsTest, OfAWholeEnvironmentTheVariablesAreNamed) {
  facts_[{InputKind::kEnvironment, ""}] = "one";
  variables_ = {"SECRET=one", "LANG=C", "ZCCACHE_LOG=debug"};
  store_result(*compile(), {{.kind = InputKind::kEnvironment, .digest = codec::digest_of("one")}});
  facts_[{InputKind::kEnvironment, ""}] = "two";
  variables_ = {"SECRET=two", "LANG=C"};
  const Explanation why = known_.explain(*compile());
  ASSERT_EQ(why.changes.size(), 1U);
  EXPECT_EQ(why.changes[0].name, "SECRET");
  EXPECT_EQ(why.changes[0].after, history::short_text(codec::digest_of("two")));
}

// Each kind of input has a row: what it changes, and as what people see it.
struct Row {
  InputKind kind;
  ChangeKind seen_as;
};
constexpr std::array kRows = {
    Row{InputKind::kVariable, ChangeKind::kVariable},
    Row{InputKind::kTrackedVariable, ChangeKind::kVariable},
    Row{InputKind::kPathVariable, ChangeKind::kVariable},
    Row{InputKind::kEnvironment, ChangeKind::kEnvironment},
    Row{InputKind::kProgram, ChangeKind::kProgramOnPath},
    Row{InputKind::kDirectory, ChangeKind::kPath},
    Row{InputKind::kNames, ChangeKind::kNames},
    Row{InputKind::kCrateNames, ChangeKind::kNames},
    Row{InputKind::kLink, ChangeKind::kPath},
    Row{InputKind::kMetadata, ChangeKind::kMetadata},
    Row{InputKind::kRealPath, ChangeKind::kPath},
    Row{InputKind::kListing, ChangeKind::kNames},
    Row{InputKind::kRoot, ChangeKind::kRoot},
    Row{InputKind::kSpelledPaths, ChangeKind::kDirectory},
    Row{InputKind::kSameFiles, ChangeKind::kPath},
    Row{InputKind::kTimeOfAccess, ChangeKind::kMetadata},
    Row{InputKind::kTerminal, ChangeKind::kTerminal},
    Row{InputKind::kOldOutput, ChangeKind::kOldOutput},
    Row{InputKind::kFileTime, ChangeKind::kMetadata},
    Row{InputKind::kLocalDay, ChangeKind::kDate},
    Row{InputKind::kOtherModule, ChangeKind::kOldOutput},
};

TEST_F(KnownCommandsTest, EachKindOfFactIsNamed) {
  for (const Row& row : kRows) {
    SCOPED_TRACE(static_cast<int>(row.kind));
    facts_ = {{{row.kind, "x"}, "one"}};
    store_result(*compile(), {{.kind = row.kind, .name = "x", .digest = codec::digest_of("one")}});
    manifests_.forget();
    EXPECT_TRUE(known_.explain(*compile()).changes.empty());
    facts_ = {{{row.kind, "x"}, "two"}};
    const Explanation why = known_.explain(*compile());
    ASSERT_EQ(why.changes.size(), 1U);
    EXPECT_EQ(why.changes[0].kind, row.seen_as);
    EXPECT_EQ(why.changes[0].name, "x");
    EXPECT_EQ(why.changes[0].before, history::short_text(codec::digest_of("one")));
    EXPECT_EQ(why.changes[0].after, history::short_text(codec::digest_of("two")));
    store_.manifests.clear();
  }
}

TEST_F(KnownCommandsTest, FilesAreNamedWithWhatTheyHold) {
  fs_.write("/w/a.h", "one");
  fs_.tick();
  store_result(
      *compile(),
      {{.kind = InputKind::kFile, .name = "/w/a.h", .digest = codec::digest_of("one")},
       {.kind = InputKind::kPlainFile, .name = "/w/a.h", .digest = codec::digest_of("one")},
       {.kind = InputKind::kAbsence, .name = "/w/b.h/"},
       {.kind = InputKind::kAbsentName, .name = "c.h"}});
  EXPECT_TRUE(known_.explain(*compile()).changes.empty());
  fs_.write("/w/a.h", "two");
  fs_.write("/w/b.h", "new");
  fs_.write("/w/c.h", "new");
  const Explanation why = known_.explain(*compile());
  std::vector<std::string> texts;
  for (const Change& change : why.changes) {
    texts.push_back(text_of(change));
  }
  EXPECT_THAT(texts, testing::UnorderedElementsAre(
                         str_cat("the file /w/a.h has another content (",
                                 history::short_text(codec::digest_of("one")), ", now ",
                                 history::short_text(codec::digest_of("two")), ')'),
                         "the file /w/b.h is there now, where the compiler had found nothing",
                         "the file /w/c.h is there now, where the compiler had found nothing"));
}

// A kind without a row here would be told as something that it is not.
TEST(KnownCommands, NoKindOfInputIsForgotten) {
  constexpr std::size_t kNoFacts = 4;      // files, plain files, absences and absent names, above
  constexpr std::size_t kAlwaysHolds = 1;  // the form of the dep-info
  EXPECT_EQ(kRows.size() + kNoFacts + kAlwaysHolds,
            static_cast<std::size_t>(store::kLastInputKind) + 1);
}

}  // namespace
}  // namespace zc::engine::explain
