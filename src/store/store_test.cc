#include "store/store.h"

#include <sys/stat.h>
#include <unistd.h>

#include <set>

#include "base/limits.h"
#include "store/store_fixture.h"

namespace zc::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

using StoreTest = StoreFixture;

TEST_F(StoreTest, EmptyStoreKnowsNothing) {
  Store& store = open();
  EXPECT_EQ(store.manifest(key("m")), std::nullopt);
  EXPECT_EQ(store.input(1), std::nullopt);
  EXPECT_EQ(store.result(key("r")), std::nullopt);
  EXPECT_EQ(store.file_digest({.dev = 1, .ino = 2}), std::nullopt);
  const auto blob = store.blob(key("b"));
  ASSERT_FALSE(blob);
  EXPECT_EQ(blob.error().code, Code::kNotFound);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(StoreTest, AUseTellsInWhatRoomTheResultWouldHaveStayed) {
  // With its records; and what a round of the evictor leaves free.
  const auto room_of = [](std::uint64_t results) { return results * 24'096 * 10 / 9; };
  Store& store = open();
  for (const char* name : {"a", "b"}) {
    record_compile(store, name);
  }
  EXPECT_EQ(store.touch(key("result a"), 20'000), room_of(2)) << "b, and itself";
  EXPECT_EQ(store.touch(key("result a"), 20'000), room_of(1));
  Store& again = open();
  EXPECT_EQ(again.touch(key("result b"), 20'000), room_of(3)) << "a was used twice";
  EXPECT_EQ(again.touch(key("result c"), 20'000), std::nullopt) << "there is none";
}

void expect_everything(Store& store, InputId header, InputId absent) {
  const auto manifest = store.manifest(key("m"));
  ASSERT_TRUE(manifest);
  ASSERT_THAT(manifest->sets, SizeIs(1));
  const InputSet& set = manifest->sets[0];
  EXPECT_THAT(set.deps, ElementsAre(header));
  EXPECT_THAT(set.others, ElementsAre(absent));
  EXPECT_EQ(set.result, key("r"));

  const auto input = store.input(header);
  ASSERT_TRUE(input);
  EXPECT_EQ(input->name, "/usr/include/a.h");
  EXPECT_EQ(input->digest, key("a.h"));
  const auto nothing = store.input(absent);
  ASSERT_TRUE(nothing);
  EXPECT_EQ(nothing->name, "inc/a.h");
  EXPECT_EQ(nothing->digest, std::nullopt);

  const auto result = store.result(key("r"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->compile_ns, 123U);
  ASSERT_THAT(result->outputs, SizeIs(2));
  EXPECT_EQ(result->outputs[0].role, 0);
  EXPECT_TRUE(result->outputs[0].executable);
  EXPECT_EQ(result->outputs[0].size_bytes, 20'000U);
  EXPECT_EQ(result->outputs[1].role, kStderr);
  EXPECT_FALSE(result->outputs[1].executable);
}

TEST_F(StoreTest, ARecordedCompileIsThereAtOnceAndAfterRestart) {
  Store* store = &open();
  const auto object = store->put_blob(large("object"));
  const auto text = store->put_blob("warning: x\n");
  ASSERT_TRUE(object && text);
  const InputId header = store->intern({.name = "/usr/include/a.h", .digest = key("a.h")});
  const InputId absent =
      store->intern({.kind = InputKind::kAbsence, .name = "inc/a.h", .digest = {}});
  store->put_result(
      key("m"), {.deps = {header}, .others = {absent}, .result = key("r")},
      {.outputs = {{.role = 0, .blob = *object, .size_bytes = 20'000, .executable = true},
                   {.role = kStderr, .blob = *text, .size_bytes = 11}},
       .compile_ns = 123});
  expect_everything(*store, header, absent);
  ASSERT_TRUE(store->flush());
  expect_everything(*store, header, absent);
  store = &open();
  expect_everything(*store, header, absent);
  EXPECT_EQ(content(store->blob(*object)), large("object"));
  EXPECT_EQ(content(store->blob(*text)), "warning: x\n");
  EXPECT_EQ(store->intern({.name = "/usr/include/a.h", .digest = key("a.h")}), header);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(StoreTest, EqualInputsHaveEqualIdsAndDifferentOnesDoNot) {
  Store& store = open();
  const InputId a = store.intern({.name = "a", .digest = key("1")});
  EXPECT_EQ(store.intern({.name = "a", .digest = key("1")}), a);
  const InputId changed = store.intern({.name = "a", .digest = key("2")});
  const InputId elsewhere = store.intern({.name = "b", .digest = key("1")});
  const InputId absent = store.intern({.kind = InputKind::kAbsence, .name = "a", .digest = {}});
  EXPECT_EQ(std::set<InputId>({a, changed, elsewhere, absent}).size(), 4U);
}

TEST_F(StoreTest, InputsDifferByKindAndRoot) {
  Store& store = open();
  std::set<InputId> ids;
  const std::vector<Input> inputs = {
      {.name = "a", .digest = key("1")},
      {.kind = InputKind::kVariable, .name = "a", .digest = key("1")},
      {.kind = InputKind::kTrackedVariable, .name = "a", .digest = key("1")},
      {.root = "r", .name = "a", .digest = key("1")},
      {.kind = InputKind::kAbsence, .name = "a", .digest = {}},
      {.kind = InputKind::kVariable, .name = "a", .digest = {}},
      {.kind = InputKind::kAbsence, .root = "r", .name = "a", .digest = {}},
  };
  for (const Input& input : inputs) {
    const InputId id = store.intern(input);
    ids.insert(id);
    EXPECT_EQ(store.input(id), input);
    ASSERT_TRUE(store.flush());
    EXPECT_EQ(store.input(id), input);
  }
  EXPECT_EQ(ids.size(), inputs.size());
}

TEST_F(StoreTest, PathsAreBytes) {
  Store& store = open();
  const std::string path("dir/\xff\0\n name", 12);
  const InputId id = store.intern({.kind = InputKind::kAbsence, .name = path, .digest = {}});
  ASSERT_TRUE(store.flush());
  EXPECT_EQ(store.input(id).value_or(Input{}).name, path);
}

TEST_F(StoreTest, NewestSetComesFirstAndReplacesOneWithEqualInputs) {
  Store& store = open();
  const InputId a = store.intern({.name = "a", .digest = key("a")});
  const InputId b = store.intern({.name = "b", .digest = key("b")});
  store.put_result(key("m"), {.deps = {a}, .result = key("r1")}, {});
  store.put_result(key("m"), {.deps = {b}, .result = key("r2")}, {});
  store.put_result(key("m"), {.deps = {a}, .result = key("r3")}, {});
  const auto manifest = store.manifest(key("m"));
  ASSERT_TRUE(manifest);
  ASSERT_THAT(manifest->sets, SizeIs(2));
  EXPECT_EQ(manifest->sets[0].result, key("r3"));
  EXPECT_EQ(manifest->sets[1].result, key("r2"));
}

TEST_F(StoreTest, OldestSetsGoAboveTheLimit) {
  Store& store = open();
  for (std::size_t i = 0; i < limits::kInputSetsMax + 3; ++i) {
    const InputId id = store.intern({.name = std::to_string(i), .digest = key("x")});
    store.put_result(key("m"), {.deps = {id}, .result = key(std::to_string(i))}, {});
  }
  const auto manifest = store.manifest(key("m"));
  ASSERT_TRUE(manifest);
  ASSERT_THAT(manifest->sets, SizeIs(limits::kInputSetsMax));
  EXPECT_EQ(manifest->sets.front().result, key(std::to_string(limits::kInputSetsMax + 2)));
  EXPECT_EQ(manifest->sets.back().result, key("3"));
}

TEST_F(StoreTest, FilesAreRememberedByTheWholeIdentity) {
  Store& store = open();
  const os::FileStamp stamp = {
      .dev = 1, .ino = 2, .size_bytes = 3, .mtime_ns = 4, .ctime_ns = 5, .mode = 0100644};
  store.remember_file(stamp, key("content"));
  EXPECT_EQ(store.file_digest(stamp), key("content"));
  ASSERT_TRUE(store.flush());
  EXPECT_EQ(store.file_digest(stamp), key("content"));
  for (int field = 0; field < 5; ++field) {
    os::FileStamp other = stamp;
    other.dev += field == 0;
    other.ino += field == 1;
    other.size_bytes += field == 2;
    other.mtime_ns += field == 3;
    other.ctime_ns += field == 4;
    EXPECT_EQ(store.file_digest(other), std::nullopt) << field;
  }
}

TEST_F(StoreTest, ClearRemovesEverythingAndTheStoreGoesOn) {
  Store& store = open();
  record_compile(store, "a.c");
  record_compile(store, "small.c", 100);
  const InputId last = store.intern({.kind = InputKind::kAbsence, .name = "last", .digest = {}});
  const auto cleared = store.clear();
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->results, 2U);
  EXPECT_GT(cleared->bytes, 20'000U);
  EXPECT_EQ(store.manifest(key("manifest a.c")), std::nullopt);
  EXPECT_EQ(store.result(key("result a.c")), std::nullopt);
  EXPECT_FALSE(store.blob(key(large("a.c"))));
  EXPECT_FALSE(store.blob(key(large("small.c", 100))));
  EXPECT_EQ(store.input(last), std::nullopt);
  EXPECT_EQ(store.usage().blob_bytes, 0U);

  // Numbers are not used again: a caller may still hold one.
  EXPECT_GT(store.intern({.kind = InputKind::kAbsence, .name = "next", .digest = {}}), last);
  record_compile(store, "a.c");
  EXPECT_EQ(content(store.blob(key(large("a.c")))), large("a.c"));
  EXPECT_TRUE(store.manifest(key("manifest a.c")));
}

TEST_F(StoreTest, ClearGivesTheDiskBack) {
  Store& store = open();
  for (int i = 0; i < 500; ++i) {
    record_compile(store, std::to_string(i), 3'000);
  }
  ASSERT_TRUE(store.flush());
  ASSERT_TRUE(os::make_directories(layout().quarantine() + "/index-1"));
  ASSERT_TRUE(os::replace_file(layout().quarantine() + "/index-1/data.mdb", large("old"), 0600));
  const auto file_bytes = [&] {
    return os::stat_path(layout().index_data()).value_or(os::FileStamp{}).size_bytes;
  };
  const std::uint64_t before = file_bytes();
  ASSERT_GT(before, 1'000'000U);
  const auto cleared = store.clear();
  ASSERT_TRUE(cleared);
  EXPECT_LT(file_bytes(), 200'000U);
  EXPECT_EQ(cleared->bytes, before - file_bytes());
  EXPECT_TRUE(std::filesystem::is_empty(layout().quarantine()));

  // The new index is the one that is kept.
  record_compile(store, "a.c");
  close();
  EXPECT_TRUE(open().result(key("result a.c")));
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(StoreTest, AResultThatIsRemovedLeavesTheOthersOfItsCommand) {
  Store& store = open();
  record_compile(store, "a.c");
  const InputId other = store.intern({.name = "/src/other", .digest = key("other")});
  store.put_result(key("manifest a.c"), {.deps = {other}, .result = key("result other")}, {});
  store.remove_result(key("manifest a.c"), key("result a.c"));
  const auto expect_removed = [&](Store& there) {
    EXPECT_FALSE(there.result(key("result a.c")));
    EXPECT_TRUE(there.result(key("result other")));
    const auto manifest = there.manifest(key("manifest a.c"));
    ASSERT_TRUE(manifest);
    ASSERT_EQ(manifest->sets.size(), 1U);
    EXPECT_EQ(manifest->sets[0].result, key("result other"));
  };
  expect_removed(store);
  close();
  expect_removed(open());
  record_compile(open(), "a.c");
  EXPECT_TRUE(store_->result(key("result a.c"))) << "the same inputs may bring a right one";
}

// A result may be wrong because its blob is: a disk that returns other bytes changes no stamp.
TEST_F(StoreTest, TheBlobsOfAResultThatIsRemovedAreReadAnew) {
  Store& store = open();
  record_compile(store, "a.c");
  const std::string path = layout().blob(key(large("a.c")));
  const os::FileStamp before = *os::stat_path(path);
  EXPECT_EQ(content(store.blob(key(large("a.c")))), large("a.c"));
  store.remove_result(key("manifest a.c"), key("result a.c"));
  record_compile(store, "a.c");
  EXPECT_FALSE(os::stat_path(path)->same_file_as(before)) << "the blob is written anew";
}

TEST_F(StoreTest, UsageCountsWhatIsRecorded) {
  Store& store = open({.size_bytes_max = 1 << 30});
  record_compile(store, "a.c");
  record_compile(store, "b.c");
  EXPECT_EQ(store.usage().results, 2U);  // at once
  EXPECT_EQ(store.usage().manifests, 2U);
  ASSERT_TRUE(store.flush());
  const Usage usage = store.usage();
  EXPECT_EQ(usage.results, 2U);
  EXPECT_EQ(usage.manifests, 2U);
  EXPECT_GT(usage.index_bytes, 0U);
  EXPECT_EQ(usage.evicted_results, 0U);
  EXPECT_EQ(usage.quarantined_blobs, 0U);
}

TEST_F(StoreTest, ASecondOpenerIsTurnedAway) {
  open();
  const auto second = try_open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::kUnavailable);
  close();
  EXPECT_TRUE(try_open());
}

TEST_F(StoreTest, OthersCannotReadIt) {
  Store& store = open();
  record_compile(store, "a.c");
  close();
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root())) {
    struct stat st = {};
    ASSERT_EQ(::lstat(entry.path().c_str(), &st), 0);
    EXPECT_EQ(st.st_mode & 077U, 0U) << entry.path();
  }
}

TEST_F(StoreTest, ANewerFormatIsRefusedAndLeftAlone) {
  record_compile(open(), "a.c");
  close();
  ASSERT_TRUE(os::replace_file(layout().format(), "zccache-store 4\n", 0600));
  const auto refused = try_open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kInvalid);
  EXPECT_THAT(refused.error().message, HasSubstr("format 4"));
  ASSERT_TRUE(os::replace_file(layout().format(), "zccache-store 3\n", 0600));
  EXPECT_TRUE(open().manifest(key("manifest a.c")));
}

TEST_F(StoreTest, AnOlderOrUnknownFormatBeginsAnew) {
  for (const char* text : {"zccache-store 2\n", "zccache-store 1\n", "zccache-store 0\n", "",
                           "zccache-store x\n", "noise"}) {
    record_compile(open(), "a.c");
    close();
    warnings_.clear();
    ASSERT_TRUE(os::replace_file(layout().format(), text, 0600));
    EXPECT_FALSE(open().manifest(key("manifest a.c"))) << text;
    EXPECT_THAT(warnings_, ElementsAre(HasSubstr("format"))) << text;
  }
}

TEST_F(StoreTest, ARootThatCannotBeMadeIsAnError) {
  file("root", "not a directory");
  const auto refused = try_open();
  ASSERT_FALSE(refused);
}

TEST_F(StoreTest, AnUnwritableRootIsAnError) {
  if (::geteuid() == 0) {
    GTEST_SKIP() << "root may write everywhere";
  }
  ASSERT_EQ(::mkdir(root().c_str(), 0500), 0);
  const auto refused = try_open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kIo);
}

}  // namespace
}  // namespace zc::store
