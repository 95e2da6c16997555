#include "store/offline.h"

#include "store/store_fixture.h"

namespace zc::store {
namespace {

using OfflineTest = StoreFixture;

TEST_F(OfflineTest, UsageIsThatOfTheStore) {
  Store& store = open();
  record_compile(store, "a.c");
  record_compile(store, "b.c", 100);
  ASSERT_TRUE(store.flush());
  const Usage online = store.usage();
  close();
  const Usage offline = read_usage(root());
  EXPECT_EQ(offline.results, 2U);
  EXPECT_EQ(offline.manifests, 2U);
  EXPECT_EQ(offline.blob_bytes, 20'000U);
  EXPECT_EQ(offline.index_bytes, online.index_bytes);
}

TEST_F(OfflineTest, UsageOfADamagedOrMissingStoreIsZero) {
  EXPECT_EQ(read_usage(root()).results, 0U);
  record_compile(open(), "a.c", 100);
  close();
  std::string bytes = os::read_path(layout().index_data(), 1 << 30).value_or("");
  for (const std::size_t size : {std::size_t{0}, std::size_t{5'000}, std::size_t{12'000}}) {
    ASSERT_TRUE(os::replace_file(layout().index_data(), bytes.substr(0, size), 0600));
    EXPECT_EQ(read_usage(root()).results, 0U);
  }
}

TEST_F(OfflineTest, ReadingUsageChangesNothing) {
  record_compile(open(), "a.c");
  close();
  const auto before = os::stat_path(layout().index_data());
  read_usage(root());
  EXPECT_TRUE(os::stat_path(layout().index_data())->same_content_as(*before));
  EXPECT_TRUE(std::filesystem::exists(layout().clean()));
}

TEST_F(OfflineTest, ClearRemovesEverything) {
  record_compile(open(), "a.c");
  close();
  const auto cleared = clear_offline(root());
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->results, 1U);
  EXPECT_GT(cleared->bytes, 20'000U);
  EXPECT_EQ(read_usage(root()).blob_bytes, 0U);
  Store& store = open();
  EXPECT_FALSE(store.manifest(key("manifest a.c")));
  EXPECT_TRUE(warnings_.empty());
  record_compile(store, "a.c");
  EXPECT_TRUE(store.manifest(key("manifest a.c")));
}

TEST_F(OfflineTest, ClearRefusesAStoreInUse) {
  Store& store = open();
  record_compile(store, "a.c");
  const auto refused = clear_offline(root());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kUnavailable);
  EXPECT_TRUE(store.blob(key(large("a.c"))));
}

TEST_F(OfflineTest, ClearOfNothingIsFine) {
  const auto cleared = clear_offline(root());
  ASSERT_TRUE(cleared);
  EXPECT_EQ(cleared->results, 0U);
  EXPECT_FALSE(std::filesystem::exists(root()));
}

}  // namespace
}  // namespace zc::store
