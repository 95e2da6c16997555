#include "store/blob_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "store/store_fixture.h"

namespace zc::store {
namespace {

using ::testing::IsEmpty;

class BlobTest : public StoreFixture {
 protected:
  std::string path_of(const Digest& digest) const { return layout().blob(digest); }

  // Changes one byte of a stored blob, whatever its mode.
  void flip(const Digest& digest, std::size_t at) const {
    std::string bytes = os::read_path(path_of(digest), 1 << 30).value_or("");
    ASSERT_LT(at, bytes.size());
    bytes[at] = static_cast<char>(bytes[at] ^ 1);
    ASSERT_TRUE(os::replace_file(path_of(digest), bytes, 0400));
  }

  static std::size_t files_in(const std::string& directory) {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(directory)) {
      count += entry.is_regular_file();
    }
    return count;
  }
};

TEST_F(BlobTest, RoundTripsAroundTheLimitOfSmallOnes) {
  Store& store = open();
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, limits::kInlineBlobBytesMax,
                                 limits::kInlineBlobBytesMax + 1, std::size_t{1'000'000}}) {
    const std::string bytes = large("x", size);
    const Digest from_memory = digest_in(store.put_blob(bytes));
    EXPECT_EQ(from_memory, codec::digest_of(bytes));
    const auto blob = store.blob(from_memory);
    ASSERT_TRUE(blob);
    EXPECT_EQ(blob->fd.valid(), size > limits::kInlineBlobBytesMax);
    EXPECT_EQ(blob->size_bytes, size);
    EXPECT_EQ(content(store.blob(from_memory)), bytes);

    const std::string other = large("y", size);
    const os::Fd source = file("source", other);
    const Digest from_file = digest_in(store.put_blob(source.get(), size));
    EXPECT_EQ(from_file, codec::digest_of(other));
    EXPECT_EQ(content(store.blob(from_file)), other);
  }
  EXPECT_EQ(files_in(layout().temporary()), 0U);
}

// It would push out everything, and then itself.
TEST_F(BlobTest, ABlobLargerThanTheCacheIsRefused) {
  Store& store = open({.size_bytes_max = 20'000});
  const os::Fd fits = file("fits", std::string(10'000, 'x'));
  EXPECT_TRUE(store.put_blob(fits.get(), 10'000));
  const os::Fd source = file("source", std::string(20'000, 'y'));
  const auto refused = store.put_blob(source.get(), 20'000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::kNoSpace);
  store.set_size_bytes_max(0);
  EXPECT_TRUE(store.put_blob(source.get(), 20'000)) << "no limit";
}

TEST_F(BlobTest, EqualContentIsStoredOnce) {
  Store& store = open();
  const Digest first = digest_in(store.put_blob(large("x")));
  const auto inode = os::stat_path(path_of(first));
  const os::Fd source = file("source", large("x"));
  EXPECT_EQ(digest_in(store.put_blob(source.get(), 20'000)), first);
  EXPECT_EQ(files_in(layout().blobs()), 1U);
  EXPECT_EQ(files_in(layout().temporary()), 0U);
  EXPECT_TRUE(os::stat_path(path_of(first))->same_file_as(*inode));
}

TEST_F(BlobTest, TheSourceMayBeReadFromItsEnd) {
  Store& store = open();
  const os::Fd source = file("source", large("x"));
  ASSERT_EQ(::lseek(source.get(), 0, SEEK_END), 20'000);
  const Digest digest = digest_in(store.put_blob(source.get(), 20'000));
  EXPECT_EQ(content(store.blob(digest)), large("x"));
}

TEST_F(BlobTest, ASourceThatIsNotAsSaidIsRefused) {
  Store& store = open();
  for (const std::size_t size : {std::size_t{100}, std::size_t{20'000}}) {
    const os::Fd source = file("source", large("x", size));
    for (const std::size_t said : {size - 1, size + 1}) {
      const auto refused = store.put_blob(source.get(), said);
      ASSERT_FALSE(refused);
      EXPECT_EQ(refused.error().code, Code::kInvalid);
    }
  }
  const os::Fd directory(::open("/", O_RDONLY | O_DIRECTORY));
  EXPECT_FALSE(store.put_blob(directory.get(), 4'096));
  EXPECT_EQ(files_in(layout().blobs()), 0U);
  EXPECT_EQ(files_in(layout().temporary()), 0U);
}

TEST_F(BlobTest, ABlobIsReadOnly) {
  Store& store = open();
  const Digest digest = digest_in(store.put_blob(large("x")));
  struct stat st = {};
  ASSERT_EQ(::stat(path_of(digest).c_str(), &st), 0);
  EXPECT_EQ(st.st_mode & 0777U, 0400U);
}

TEST_F(BlobTest, EveryDamageIsFoundAfterRestart) {
  const Digest digest = digest_in(open().put_blob(large("x")));
  close();
  const std::string good = large("x");
  std::vector<std::string> damages = {"", good.substr(0, 1), good.substr(0, 19'999), good + "x"};
  for (const std::size_t at : {std::size_t{0}, std::size_t{9'999}, std::size_t{19'999}}) {
    damages.push_back(good);
    damages.back()[at] ^= 1;
  }
  for (const std::string& damaged : damages) {
    ASSERT_TRUE(os::replace_file(path_of(digest), damaged, 0400));
    Store& store = open();
    const auto blob = store.blob(digest);
    ASSERT_FALSE(blob) << damaged.size();
    EXPECT_EQ(blob.error().code, Code::kCorrupt);
    EXPECT_EQ(store.usage().quarantined_blobs, 1U);
    EXPECT_EQ(os::read_path(layout().quarantine() + "/" + digest.hex(), 1 << 20).value_or("none"),
              damaged);
    EXPECT_EQ(store.blob(digest).error().code, Code::kNotFound);
  }
}

TEST_F(BlobTest, ADamageWhileRunningIsFoundByTheChangedIdentity) {
  Store& store = open();
  const Digest digest = digest_in(store.put_blob(large("x")));
  ASSERT_TRUE(store.blob(digest));
  flip(digest, 5);
  EXPECT_EQ(store.blob(digest).error().code, Code::kCorrupt);
  EXPECT_TRUE(store.put_blob(large("x")));
  EXPECT_EQ(content(store.blob(digest)), large("x"));
}

TEST_F(BlobTest, PuttingAgainHealsADamagedBlob) {
  const Digest digest = digest_in(open().put_blob(large("x")));
  close();
  flip(digest, 5);
  Store& store = open();
  EXPECT_EQ(digest_in(store.put_blob(large("x"))), digest);
  EXPECT_EQ(content(store.blob(digest)), large("x"));
  EXPECT_EQ(store.usage().quarantined_blobs, 0U);
}

TEST_F(BlobTest, DescriptorsAreGivenOutAtOffsetZero) {
  Store& store = open();
  const Digest digest = digest_in(store.put_blob(large("x")));
  const auto first = store.blob(digest);
  const auto second = store.blob(digest);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(::lseek(second->fd.get(), 0, SEEK_CUR), 0);
}

TEST_F(BlobTest, ASymlinkInPlaceOfABlobIsNotFollowed) {
  Store& store = open();
  const Digest digest = digest_in(store.put_blob(large("x")));
  file("elsewhere", large("x"));
  std::filesystem::remove(path_of(digest));
  std::filesystem::create_symlink(directory_ / "elsewhere", path_of(digest));
  EXPECT_FALSE(store.blob(digest));
}

TEST_F(BlobTest, DirectoriesThatSomebodyRemovedAreMadeAnew) {
  Store& store = open();
  std::filesystem::remove_all(layout().temporary());
  std::filesystem::remove_all(layout().blobs());
  const Digest digest = digest_in(store.put_blob(large("x")));
  EXPECT_EQ(content(store.blob(digest)), large("x"));
}

class BlobParts : public BlobTest {
 protected:
  BlobParts() {
    for (const std::string& directory :
         {layout().index(), layout().blobs(), layout().temporary(), layout().quarantine()}) {
      EXPECT_TRUE(os::make_directories(directory));
    }
    auto index = Index::open(layout().index(), Index::Access::kReadWrite);
    EXPECT_TRUE(index);
    index_ = *std::move(index);
    queue_ = std::make_unique<WriteQueue>(*index_, [](const std::string&) {});
    blobs_ = std::make_unique<BlobStore>(layout(), *queue_);
  }
  ~BlobParts() override {
    blobs_.reset();
    queue_.reset();
  }
  static void age(const std::string& path, int days) {
    const timespec old = {.tv_sec = ::time(nullptr) - days * 86'400L, .tv_nsec = 0};
    const timespec times[2] = {old, old};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }

  std::unique_ptr<Index> index_;
  std::unique_ptr<WriteQueue> queue_;
  std::unique_ptr<BlobStore> blobs_;
};

TEST_F(BlobParts, BytesAreCountedOnceWheneverTheShardIsCounted) {
  const Digest before = digest_in(blobs_->put(large("before")));
  EXPECT_EQ(blobs_->file_bytes(), 0U);
  for (unsigned shard = 0; shard < Layout::kShards; ++shard) {
    blobs_->count_shard(shard);
    blobs_->count_shard(shard);
  }
  EXPECT_EQ(blobs_->file_bytes(), 20'000U);
  ASSERT_TRUE(blobs_->put(large("after", 30'000)));
  ASSERT_TRUE(blobs_->put(large("after", 30'000)));
  EXPECT_EQ(blobs_->file_bytes(), 50'000U);
  flip(before, 0);
  EXPECT_FALSE(blobs_->get(before));
  EXPECT_EQ(blobs_->file_bytes(), 30'000U);
  EXPECT_EQ(blobs_->clear(), 30'000U);
  EXPECT_EQ(blobs_->file_bytes(), 0U);
}

TEST_F(BlobParts, ABlobIsPinnedUntilARoundAfterItsRecord) {
  const Digest blob = digest_in(blobs_->put(large("x")));
  const Digest small = digest_in(blobs_->put("x"));
  blobs_->unpin();
  EXPECT_EQ(blobs_->remove_unused(blob), 0U);
  blobs_->remove_unused(small);
  EXPECT_TRUE(blobs_->get(blob));
  EXPECT_TRUE(blobs_->get(small));

  blobs_->note_recorded(blob);
  blobs_->note_recorded(small);
  EXPECT_EQ(blobs_->remove_unused(blob), 0U);
  blobs_->unpin();
  EXPECT_EQ(blobs_->remove_unused(blob), 20'000U);
  blobs_->remove_unused(small);
  EXPECT_FALSE(blobs_->get(blob));
  EXPECT_FALSE(blobs_->get(small));
}

TEST_F(BlobParts, ListsOnlyWhatIsNamedLikeABlob) {
  const Digest blob = digest_in(blobs_->put(large("x")));
  const unsigned shard = blob.bytes[0];
  for (const char* name : {"noise", ".hidden", "0", ""}) {
    if (*name != '\0') {
      ASSERT_TRUE(os::replace_file(layout().shard(shard) + "/" + name, "x", 0600));
    }
  }
  const auto files = blobs_->list_shard(shard);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].digest, blob);
  EXPECT_EQ(files[0].size_bytes, 20'000U);
  EXPECT_THAT(blobs_->list_shard((shard + 1) % Layout::kShards), IsEmpty());
}

TEST_F(BlobParts, TidyRemovesTemporaryFilesOfYesterday) {
  const std::string old = layout().temporary() + "/1-1";
  const std::string young = layout().temporary() + "/1-2";
  const std::string quarantined = layout().quarantine() + "/moved-here-just-now";
  for (const std::string& path : {old, young, quarantined}) {
    ASSERT_TRUE(os::replace_file(path, "x", 0600));
  }
  age(old, 2);
  age(quarantined, 30);
  blobs_->tidy();
  EXPECT_FALSE(std::filesystem::exists(old));
  EXPECT_TRUE(std::filesystem::exists(young));
  EXPECT_TRUE(std::filesystem::exists(quarantined));
}

}  // namespace
}  // namespace zc::store
