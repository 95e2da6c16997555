#include "store/index.h"

#include "base/str.h"
#include "store/store_fixture.h"

namespace zc::store {
namespace {

using ::testing::ElementsAre;

class IndexTest : public StoreFixture {
 protected:
  std::unique_ptr<Index> open_index(Index::Access access = Index::Access::kReadWrite) {
    EXPECT_TRUE(os::make_directories(root()));
    auto index = Index::open(root(), access);
    EXPECT_TRUE(index) << (index ? "" : index.error().message);
    return index ? *std::move(index) : nullptr;
  }
  std::string data() const { return root() + "/data.mdb"; }
};

Write put(Table table, std::string key, std::string value) {
  return {table, std::move(key), std::move(value)};
}

std::vector<std::string> keys_of(const Index& index, Table table) {
  std::vector<std::string> keys;
  EXPECT_TRUE(index.scan(table, [&](auto key, auto) {
    keys.emplace_back(key);
    return true;
  }));
  return keys;
}

TEST_F(IndexTest, CommitsAndReads) {
  const auto index = open_index();
  ASSERT_TRUE(index->commit(std::vector{put(Table::kMeta, "a", "1"), put(Table::kFiles, "a", "2"),
                                        put(Table::kFiles, "b", "")}));
  EXPECT_EQ(index->get(Table::kMeta, "a"), "1");
  EXPECT_EQ(index->get(Table::kFiles, "a"), "2");
  EXPECT_EQ(index->get(Table::kFiles, "b"), "");
  EXPECT_EQ(index->get(Table::kMeta, "b"), std::nullopt);
  ASSERT_TRUE(index->commit(
      std::vector<Write>{{Table::kFiles, "a", std::nullopt}, {Table::kFiles, "x", std::nullopt}}));
  EXPECT_EQ(index->get(Table::kFiles, "a"), std::nullopt);
  EXPECT_THAT(keys_of(*index, Table::kFiles), ElementsAre("b"));
}

TEST_F(IndexTest, ScansInOrderAndStopsWhenAsked) {
  const auto index = open_index();
  ASSERT_TRUE(
      index->commit(std::vector{put(Table::kInputs, "c", "3"), put(Table::kInputs, "a", "1"),
                                put(Table::kInputs, "b", "2")}));
  EXPECT_THAT(keys_of(*index, Table::kInputs), ElementsAre("a", "b", "c"));
  int visited = 0;
  EXPECT_TRUE(index->scan(Table::kInputs, [&](auto, auto) { return ++visited < 2; }));
  EXPECT_EQ(visited, 2);
}

TEST_F(IndexTest, DropAllKeepsMeta) {
  const auto index = open_index();
  ASSERT_TRUE(
      index->commit(std::vector{put(Table::kMeta, "a", "1"), put(Table::kFiles, "a", "2")}));
  ASSERT_TRUE(index->drop_all());
  EXPECT_EQ(index->get(Table::kMeta, "a"), "1");
  EXPECT_EQ(index->get(Table::kFiles, "a"), std::nullopt);
}

TEST_F(IndexTest, StatsCountEntriesAndPagesInUse) {
  const auto index = open_index();
  const Index::Stats before = index->stats();
  std::vector<Write> writes;
  for (int i = 0; i < 100; ++i) {
    writes.push_back(put(Table::kSmallBlobs, std::to_string(i), large(std::to_string(i), 4'000)));
  }
  ASSERT_TRUE(index->commit(writes));
  const Index::Stats full = index->stats();
  EXPECT_EQ(full.entries[static_cast<std::size_t>(Table::kSmallBlobs)], 100U);
  EXPECT_GT(full.used_bytes, before.used_bytes + 400'000);
  ASSERT_TRUE(index->drop_all());
  EXPECT_LT(index->stats().used_bytes, before.used_bytes + 10'000);
}

TEST_F(IndexTest, ADamagedValueIsMissing) {
  auto index = open_index();
  ASSERT_TRUE(index->commit(std::vector{put(Table::kFiles, "a", "the needle in the file"),
                                        put(Table::kFiles, "b", "something else")}));
  ASSERT_TRUE(index->close());
  index.reset();
  std::string bytes = os::read_path(data(), 1 << 30).value_or("");
  for (std::size_t at = bytes.find("needle"); at != std::string::npos;
       at = bytes.find("needle", at + 1)) {
    bytes[at] = 'N';
  }
  ASSERT_TRUE(os::replace_file(data(), bytes, 0600));
  index = open_index();
  EXPECT_EQ(index->get(Table::kFiles, "a"), std::nullopt);
  EXPECT_EQ(index->get(Table::kFiles, "b"), "something else");
  EXPECT_EQ(index->scan(Table::kFiles, [](auto, auto) { return true; }).value_or(99), 1U);
}

TEST_F(IndexTest, ASnapshotNeedsTheTablesAndLeavesNoLockFile) {
  EXPECT_TRUE(os::make_directories(root()));
  EXPECT_FALSE(Index::open(root(), Index::Access::kSnapshot));
  {
    const auto bulk = open_index(Index::Access::kBulk);
    ASSERT_TRUE(bulk->commit(std::vector{put(Table::kMeta, "a", "1")}));
    ASSERT_TRUE(bulk->close());
  }
  std::filesystem::remove(root() + "/lock.mdb");
  EXPECT_EQ(open_index(Index::Access::kSnapshot)->get(Table::kMeta, "a"), "1");
  EXPECT_FALSE(std::filesystem::exists(root() + "/lock.mdb"));
}

// Kilobytes of /proc/self/status.
std::uint64_t mapped_kilobytes() {
  const std::string status = os::read_path("/proc/self/status", 1 << 20).value_or("");
  const std::string_view rest = std::string_view(status).substr(status.find("RssFile:") + 8);
  return parse_u64(trim(rest.substr(0, rest.find("kB")))).value_or(0);
}

TEST_F(IndexTest, PagesThatWereReadCanBeGivenBack) {
  const auto index = open_index();
  const std::string value = large("x", 4'000);
  std::vector<Write> writes;
  for (int i = 0; i < 2'000; ++i) {
    writes.push_back(put(Table::kSmallBlobs, std::to_string(i), value));
  }
  ASSERT_TRUE(index->commit(writes));
  EXPECT_TRUE(index->scan(Table::kSmallBlobs, [](auto, auto) { return true; }));
  const std::uint64_t before = mapped_kilobytes();
  index->release_pages();
  EXPECT_LT(mapped_kilobytes(), before - 4'000);
  EXPECT_EQ(index->get(Table::kSmallBlobs, "7"), value);
}

TEST_F(IndexTest, ATruncatedFileIsCorrupt) {
  auto index = open_index();
  ASSERT_TRUE(index->commit(std::vector{put(Table::kSmallBlobs, "a", large("a", 40'000))}));
  ASSERT_TRUE(index->close());
  index.reset();
  std::filesystem::resize_file(data(), std::filesystem::file_size(data()) - 20'000);
  const auto opened = Index::open(root(), Index::Access::kReadWrite);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::kCorrupt);
}

}  // namespace
}  // namespace zc::store
