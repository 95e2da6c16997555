#include "store/write_queue.h"

#include <atomic>
#include <thread>

#include "store/store_fixture.h"

namespace zc::store {
namespace {

using ::testing::IsEmpty;

class WriteQueueTest : public StoreFixture {
 protected:
  WriteQueueTest() {
    EXPECT_TRUE(os::make_directories(root()));
    auto index = Index::open(root(), Index::Access::kReadWrite);
    EXPECT_TRUE(index);
    index_ = *std::move(index);
    queue_ = std::make_unique<WriteQueue>(
        *index_, [this](const std::string& text) { warnings_.push_back(text); });
  }
  ~WriteQueueTest() override {
    queue_.reset();
    index_.reset();
  }

  std::unique_ptr<Index> index_;
  std::unique_ptr<WriteQueue> queue_;
};

TEST_F(WriteQueueTest, WritesAreSeenBeforeTheyAreCommitted) {
  queue_->write({{Table::kFiles, "a", "1"}}, WriteQueue::Durability::kWhenever);
  EXPECT_EQ(queue_->get(Table::kFiles, "a"), "1");
  EXPECT_EQ(index_->get(Table::kFiles, "a"), std::nullopt);
  EXPECT_EQ(queue_->get(Table::kInputs, "a"), std::nullopt);
  ASSERT_TRUE(queue_->flush());
  EXPECT_EQ(queue_->get(Table::kFiles, "a"), "1");
  EXPECT_EQ(index_->get(Table::kFiles, "a"), "1");
}

TEST_F(WriteQueueTest, ARemovalHidesWhatIsInTheIndex) {
  queue_->write({{Table::kFiles, "a", "1"}});
  ASSERT_TRUE(queue_->flush());
  queue_->write({{Table::kFiles, "a", std::nullopt}}, WriteQueue::Durability::kWhenever);
  EXPECT_EQ(queue_->get(Table::kFiles, "a"), std::nullopt);
  EXPECT_EQ(index_->get(Table::kFiles, "a"), "1");
  ASSERT_TRUE(queue_->flush());
  EXPECT_EQ(index_->get(Table::kFiles, "a"), std::nullopt);
}

TEST_F(WriteQueueTest, WhatIsQueuedCounts) {
  queue_->write({{Table::kFiles, "old", "1"}, {Table::kFiles, "gone", "1"}});
  ASSERT_TRUE(queue_->flush());
  queue_->write({{Table::kFiles, "old", "2"},    // replaced
                 {Table::kFiles, "new", "1"},    // added
                 {Table::kFiles, "gone", {}},    // removed
                 {Table::kFiles, "never", {}}},  // removed, and was not there
                WriteQueue::Durability::kWhenever);
  EXPECT_EQ(queue_->count(Table::kFiles), 2U);
  EXPECT_EQ(queue_->count(Table::kInputs), 0U);
  ASSERT_TRUE(queue_->flush());
  EXPECT_EQ(queue_->count(Table::kFiles), 2U);
}

TEST_F(WriteQueueTest, TheLastWriteWins) {
  queue_->write({{Table::kFiles, "a", "1"}, {Table::kFiles, "a", "2"}});
  queue_->write({{Table::kFiles, "a", "3"}});
  ASSERT_TRUE(queue_->flush());
  EXPECT_EQ(queue_->get(Table::kFiles, "a"), "3");
}

TEST_F(WriteQueueTest, WhatIsQueuedIsCommittedAtTheEnd) {
  queue_->write({{Table::kFiles, "a", "1"}}, WriteQueue::Durability::kWhenever);
  queue_.reset();
  EXPECT_EQ(index_->get(Table::kFiles, "a"), "1");
}

TEST_F(WriteQueueTest, AGroupCommitsWithoutBeingAsked) {
  queue_->write({{Table::kFiles, "a", "1"}});
  while (index_->get(Table::kFiles, "a") != "1") {
    std::this_thread::yield();
  }
}

TEST_F(WriteQueueTest, DropAllForgetsWhatIsQueued) {
  queue_->write({{Table::kFiles, "a", "1"}, {Table::kMeta, "m", "1"}});
  ASSERT_TRUE(queue_->flush());
  queue_->write({{Table::kFiles, "b", "2"}, {Table::kMeta, "m", "2"}});
  ASSERT_TRUE(queue_->drop_all());
  EXPECT_EQ(queue_->get(Table::kFiles, "a"), std::nullopt);
  EXPECT_EQ(queue_->get(Table::kFiles, "b"), std::nullopt);
  EXPECT_EQ(queue_->get(Table::kMeta, "m"), "2");
  ASSERT_TRUE(queue_->flush());
  EXPECT_EQ(index_->get(Table::kMeta, "m"), "2");
}

TEST_F(WriteQueueTest, ABadWriteCostsItsGroupAndIsSaidOnce) {
  for (int i = 0; i < 3; ++i) {
    queue_->write(
        {{Table::kFiles, std::string(5'000, 'k'), "no such long keys"}, {Table::kFiles, "a", "1"}});
    EXPECT_FALSE(queue_->flush());
    EXPECT_EQ(queue_->get(Table::kFiles, "a"), std::nullopt);
  }
  EXPECT_EQ(warnings_.size(), 1U);
  queue_->write({{Table::kFiles, "a", "2"}});
  EXPECT_TRUE(queue_->flush());
  EXPECT_EQ(queue_->get(Table::kFiles, "a"), "2");
}

// A reader must find each key from the moment it was written, whatever the writer is doing.
TEST_F(WriteQueueTest, NothingIsInvisibleInBetween) {
  constexpr int kKeys = 3'000;
  std::atomic<int> written{0};
  std::atomic<int> missing{0};
  std::vector<std::thread> readers;
  for (int reader = 0; reader < 3; ++reader) {
    readers.emplace_back([&] {
      for (int i = 0; i < kKeys; i = written.load()) {
        for (int j = std::max(0, i - 20); j < i; ++j) {
          missing += queue_->get(Table::kFiles, std::to_string(j)) != std::to_string(j * 7);
        }
      }
    });
  }
  for (int i = 0; i < kKeys; ++i) {
    queue_->write({{Table::kFiles, std::to_string(i), std::to_string(i * 7)}});
    written = i + 1;
    if (i % 100 == 0) {
      EXPECT_TRUE(queue_->flush());
    }
  }
  for (std::thread& reader : readers) {
    reader.join();
  }
  EXPECT_EQ(missing, 0);
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(WriteQueueTest, AFloodOfWritesWaitsForTheDisk) {
  for (int i = 0; i < 40; ++i) {
    queue_->write({{Table::kSmallBlobs, std::to_string(i), std::string(1 << 20, 'x')}},
                  WriteQueue::Durability::kWhenever);
  }
  // Far less than all of it may have been held back.
  EXPECT_NE(index_->get(Table::kSmallBlobs, "5"), std::nullopt);
  EXPECT_TRUE(queue_->flush());
}

}  // namespace
}  // namespace zc::store
