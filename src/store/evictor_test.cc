#include "store/evictor.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <thread>

#include "base/bytes.h"
#include "os/clock.h"
#include "store/store_fixture.h"

namespace zc::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EvictorTest : public StoreFixture {
 protected:
  EvictorTest() {
    for (const std::string& directory :
         {layout().index(), layout().blobs(), layout().temporary(), layout().quarantine()}) {
      EXPECT_TRUE(os::make_directories(directory));
    }
    auto index = Index::open(layout().index(), Index::Access::kReadWrite);
    EXPECT_TRUE(index);
    index_ = *std::move(index);
    queue_ = std::make_unique<WriteQueue>(*index_, [](const std::string&) {});
    inputs_ = std::make_unique<Inputs>(*queue_);
    results_ = std::make_unique<Results>(*queue_, *inputs_);
    restart_blobs();
  }
  ~EvictorTest() override {
    blobs_.reset();
    queue_.reset();
  }

  // As after a restart: nothing is pinned.
  void restart_blobs() {
    blobs_ = std::make_unique<BlobStore>(layout(), *queue_);
    for (unsigned shard = 0; shard < Layout::kShards; ++shard) {
      blobs_->count_shard(shard);
    }
  }

  Digest put(const std::string& bytes) { return digest_in(blobs_->put(bytes)); }

  void record(const std::string& name, const std::vector<Digest>& blobs, std::int64_t used_ns,
              const std::string& manifest = "", std::uint64_t compile_ns = 0) {
    const InputId id = inputs_->intern({.name = "/src/" + name, .digest = key(name)});
    ResultRecord result;
    result.compile_ns = compile_ns;
    for (const Digest& blob : blobs) {
      result.outputs.push_back({.role = 0, .blob = blob, .size_bytes = 20'000});
    }
    results_->put_result(key(manifest.empty() ? name : manifest),
                         {.deps = {id}, .result = key("result " + name)}, result);
    ByteWriter time;
    time.u64(static_cast<std::uint64_t>(used_ns));
    queue_->write({{Table::kAccess, std::string(key("result " + name).view()), time.take()}});
    for (const Digest& blob : blobs) {
      blobs_->note_recorded(blob);
    }
  }

  // Runs a round that must free `excess` bytes at least.
  std::uint64_t run(std::uint64_t excess) {
    EXPECT_TRUE(queue_->flush());
    const std::uint64_t used = blobs_->file_bytes() + index_->stats().used_bytes;
    // The limit of which 90 % is what shall be left.
    const std::uint64_t limit = excess == 0 ? used : (used - excess) * 10 / 9;
    Evictor evictor(root(), {.size_bytes_max = limit}, parts());
    const std::atomic<bool> stop{false};
    return evictor.run(stop);
  }
  // How much more room would have kept it.
  std::optional<std::uint64_t> missing_room(const std::string& name) {
    return Evictor(root(), {}, parts()).take_missing_room(key("result " + name));
  }
  Evictor::Parts parts() { return {*index_, *queue_, *blobs_, *inputs_, *results_}; }

  std::vector<std::string> left(const std::vector<std::string>& names) const {
    std::vector<std::string> out;
    for (const std::string& name : names) {
      if (results_->has_result(key("result " + name))) {
        out.push_back(name);
      }
    }
    return out;
  }
  bool has_blob(const Digest& digest) const { return blobs_->get(digest).has_value(); }

  void age(const Digest& digest) const {
    const timespec old = {.tv_sec = ::time(nullptr) - 3'600, .tv_nsec = 0};
    const timespec times[2] = {old, old};
    ASSERT_EQ(::utimensat(AT_FDCWD, layout().blob(digest).c_str(), times, 0), 0);
  }

  std::unique_ptr<Index> index_;
  std::unique_ptr<WriteQueue> queue_;
  std::unique_ptr<Inputs> inputs_;
  std::unique_ptr<Results> results_;
  std::unique_ptr<BlobStore> blobs_;
};

TEST_F(EvictorTest, NothingGoesBelowTheLimit) {
  const Digest blob = put(large("a"));
  record("a", {blob}, 1);
  EXPECT_EQ(run(0), 0U);
  EXPECT_THAT(left({"a"}), ElementsAre("a"));
  EXPECT_TRUE(has_blob(blob));
}

TEST_F(EvictorTest, TheLeastRecentlyUsedGoFirst) {
  const std::vector<std::string> names = {"a", "b", "c", "d"};
  const std::vector<std::int64_t> uses = {30, 10, 40, 20};
  std::vector<Digest> blobs;
  for (std::size_t i = 0; i < names.size(); ++i) {
    blobs.push_back(put(large(names[i])));
    record(names[i], {blobs[i]}, uses[i]);
  }
  EXPECT_EQ(run(30'000), 2U);
  EXPECT_THAT(left(names), ElementsAre("a", "c"));
  EXPECT_TRUE(has_blob(blobs[0]));
  EXPECT_FALSE(has_blob(blobs[1]));
  EXPECT_FALSE(has_blob(blobs[3]));
  EXPECT_EQ(blobs_->file_bytes(), 40'000U);
}

TEST_F(EvictorTest, WhatTakesLongToMakeStaysLonger) {
  const std::int64_t now = os::wall_ns();
  const std::vector<std::string> names = {"cheap", "usual", "also usual", "dear", "old and dear"};
  const std::vector<std::int64_t> ages_s = {20, 100, 101, 300, 900};
  const std::vector<std::uint64_t> took_ms = {10, 100, 100, 500, 5'000};
  for (std::size_t i = 0; i < names.size(); ++i) {
    record(names[i], {put(large(names[i]))}, now - ages_s[i] * os::kSecondNs, "",
           took_ms[i] * 1'000'000);
  }
  // 20 s count as 160, 300 s as 60, and 900 s as no less than 112: no weight is more than eight.
  EXPECT_EQ(run(55'000), 3U);
  EXPECT_THAT(left(names), ElementsAre("usual", "dear"));
}

TEST_F(EvictorTest, KnowsHowMuchRoomWasMissing) {
  for (const char* name : {"a", "b", "c"}) {
    record(name, {put(large(name))}, name[0]);
  }
  EXPECT_EQ(missing_room("a"), std::nullopt);
  EXPECT_EQ(run(30'000), 2U);
  EXPECT_EQ(missing_room("c"), std::nullopt) << "it is there";
  // Each takes its blob, and a page of the index.
  EXPECT_EQ(missing_room("b"), 20'000U + 4'096U) << "the last that went";
  EXPECT_EQ(missing_room("a"), 2 * (20'000U + 4'096U));
  EXPECT_EQ(missing_room("a"), std::nullopt) << "said once";
}

TEST_F(EvictorTest, AStoreOfBeforeKnowsTimesOnly) {
  record("a", {put(large("a"))}, 5);
  EXPECT_EQ(results_->touch(key("result a"), 20'000), std::nullopt);
  EXPECT_NE(results_->touch(key("result a"), 20'000), std::nullopt);
}

TEST_F(EvictorTest, AUseDuringTheRoundSavesAResult) {
  const Digest blob = put(large("a"));
  record("a", {blob}, 10);
  EXPECT_FALSE(results_->remove_unless_used_since(key("result a"), 9));
  EXPECT_THAT(left({"a"}), ElementsAre("a"));
  EXPECT_TRUE(results_->remove_unless_used_since(key("result a"), 10));
  EXPECT_THAT(left({"a"}), IsEmpty());
}

TEST_F(EvictorTest, ASharedBlobStaysUntilItsLastResultGoes) {
  const Digest shared = put(large("shared"));
  const Digest own = put(large("own"));
  record("old", {shared, own}, 1);
  record("new", {shared}, 2);
  EXPECT_EQ(run(15'000), 1U);
  EXPECT_TRUE(has_blob(shared));
  EXPECT_FALSE(has_blob(own));
  EXPECT_EQ(run(15'000), 1U);
  EXPECT_FALSE(has_blob(shared));
}

TEST_F(EvictorTest, WhatLedToAResultGoesWithIt) {
  record("old", {put(large("old"))}, 1, "manifest");
  record("new", {put(large("new"))}, 2, "manifest");
  record("gone", {put(large("gone"))}, 0, "other");
  const InputId old_input = inputs_->intern({.name = "/src/old", .digest = key("old")});
  const InputId new_input = inputs_->intern({.name = "/src/new", .digest = key("new")});
  EXPECT_EQ(run(30'000), 2U);
  const auto manifest = results_->manifest(key("manifest"));
  ASSERT_TRUE(manifest);
  ASSERT_THAT(manifest->sets, SizeIs(1));
  EXPECT_EQ(manifest->sets[0].result, key("result new"));
  EXPECT_FALSE(results_->manifest(key("other")));
  EXPECT_FALSE(inputs_->find(old_input));
  EXPECT_TRUE(inputs_->find(new_input));
  // The same input later is another number.
  EXPECT_GT(inputs_->intern({.name = "/src/old", .digest = key("old")}), new_input);
}

TEST_F(EvictorTest, SmallBlobsGoWithTheirResult) {
  const Digest small = put("small");
  record("a", {small, put(large("a"))}, 1);
  record("b", {put(large("b"))}, 2);
  EXPECT_EQ(run(15'000), 1U);
  EXPECT_FALSE(has_blob(small));
}

TEST_F(EvictorTest, OldOrphansGoAndYoungOnesStay) {
  const Digest old_orphan = put(large("old"));
  const Digest young_orphan = put(large("young"));
  const Digest small_orphan = put("small");
  const Digest named = put(large("named"));
  record("a", {named}, 1);
  age(old_orphan);
  age(named);
  EXPECT_EQ(run(0), 0U);
  EXPECT_TRUE(has_blob(old_orphan)) << "pinned: put by this process, not yet recorded";
  EXPECT_TRUE(has_blob(small_orphan));
  restart_blobs();
  EXPECT_EQ(run(0), 0U);
  EXPECT_FALSE(has_blob(old_orphan));
  EXPECT_FALSE(has_blob(small_orphan));
  EXPECT_TRUE(has_blob(young_orphan));
  EXPECT_TRUE(has_blob(named));
}

TEST_F(EvictorTest, TheDiskMustKeepItsFreeSpace) {
  record("a", {put(large("a"))}, 1);
  ASSERT_TRUE(queue_->flush());
  struct statvfs vfs = {};
  ASSERT_EQ(::statvfs(root().c_str(), &vfs), 0);
  const std::uint64_t total = std::uint64_t{vfs.f_blocks} * vfs.f_frsize;
  EXPECT_FALSE(Evictor(root(), {.free_bytes_min = 1}, parts()).is_due());
  Evictor greedy(root(), {.free_bytes_min = total * 2}, parts());
  EXPECT_TRUE(greedy.is_due());
  const std::atomic<bool> stop{false};
  EXPECT_EQ(greedy.run(stop), 1U);
  EXPECT_EQ(greedy.run(stop), 0U);
}

// Results that live in the index take more there than their bytes: pages, manifests, inputs.
TEST_F(EvictorTest, NoMoreGoesThanMust) {
  for (const std::size_t size : {std::size_t{10}, std::size_t{3'000}, std::size_t{20'000}}) {
    restart_blobs();
    for (int i = 0; i < 300; ++i) {
      const std::string name = std::to_string(size) + "-" + std::to_string(i);
      record(name, {put(large(name, size))}, i);
    }
    ASSERT_TRUE(queue_->flush());
    const std::uint64_t limit = (blobs_->file_bytes() + index_->stats().used_bytes) / 2;
    Evictor evictor(root(), {.size_bytes_max = limit}, parts());
    const std::atomic<bool> stop{false};
    EXPECT_GT(evictor.run(stop), 0U) << size;
    ASSERT_TRUE(queue_->flush());
    const std::uint64_t used = blobs_->file_bytes() + index_->stats().used_bytes;
    EXPECT_LE(used, limit * 9 / 10) << size;
    EXPECT_GE(used, limit * 6 / 10) << size;
  }
}

TEST_F(EvictorTest, ARoundCanBeStopped) {
  record("a", {put(large("a"))}, 1);
  ASSERT_TRUE(queue_->flush());
  Evictor evictor(root(), {.size_bytes_max = 1}, parts());
  const std::atomic<bool> stop{true};
  EXPECT_EQ(evictor.run(stop), 0U);
  EXPECT_THAT(left({"a"}), ElementsAre("a"));
}

using StoreEviction = StoreFixture;

// The whole machine: a store that is filled far above its limit stays near it.
TEST_F(StoreEviction, AStoreStaysNearItsLimit) {
  constexpr std::uint64_t kLimit = 2'000'000;
  Store& store = open({.size_bytes_max = kLimit});
  for (int i = 0; i < 300; ++i) {
    record_compile(store, std::to_string(i), 30'000);
  }
  const os::Deadline deadline(60'000);
  const auto is_settled = [&] {
    const Usage usage = store.usage();
    return usage.blob_bytes + usage.index_bytes <= kLimit && usage.evicted_results > 200;
  };
  while (!is_settled() && !deadline.passed()) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(is_settled());
  ASSERT_TRUE(store.flush());
  // Whatever is left is whole. The round may not have ended, and removes results before their
  // blobs: one that is there after the look at its blob was there before.
  int whole = 0;
  for (int i = 0; i < 300; ++i) {
    const std::string name = std::to_string(i);
    const std::string blob = content(store.blob(key(large(name, 30'000))));
    if (store.result(key("result " + name))) {
      EXPECT_TRUE(blob == large(name, 30'000)) << name;
      ++whole;
    }
  }
  EXPECT_GT(whole, 0);
}

// There are no blob files then, so only a look at the index shows that the limit is passed.
TEST_F(StoreEviction, AnIndexThatGrowsIsNoticedAtOnce) {
  constexpr std::uint64_t kLimit = 1'000'000;
  Store& store = open({.size_bytes_max = kLimit});
  const os::Deadline deadline(20'000);
  for (int i = 0; store.usage().evicted_results == 0 && !deadline.passed(); ++i) {
    record_compile(store, std::to_string(i), 3'000);
    ASSERT_TRUE(store.flush());
  }
  EXPECT_GT(store.usage().evicted_results, 0U);
  EXPECT_GT(store.usage().index_bytes, kLimit / 2);
}

}  // namespace
}  // namespace zc::store
