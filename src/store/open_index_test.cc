#include "store/open_index.h"

#include <signal.h>
#include <sys/resource.h>

#include <random>

#include "os/isolated.h"
#include "store/store_fixture.h"

namespace zc::store {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// A store whose index gets damaged while it is closed. Whatever was done: opening ends in a store
// that works, and what it still knows is right.
class DamagedIndex : public StoreFixture {
 protected:
  static constexpr int kCompiles = 60;

  DamagedIndex() {
    Store& store = open();
    for (int i = 0; i < kCompiles; ++i) {
      record_compile(store, std::to_string(i), 5'000);
      record_compile(store, std::to_string(i) + " small", 3'000);
      store.remember_file({.ino = static_cast<std::uint64_t>(i)}, key(std::to_string(i)));
    }
    close();
    pristine_ = os::read_path(layout().index_data(), 1 << 30).value_or("");
    EXPECT_GT(pristine_.size(), 100'000U);
  }

  void set_index(const std::string& bytes) {
    close();
    ASSERT_TRUE(os::make_directories(layout().index()));
    ASSERT_TRUE(os::replace_file(layout().index_data(), bytes, 0600));
    // The marker is of the pristine file; times may be equal in a fast test.
    std::filesystem::remove(layout().clean());
    warnings_.clear();
  }

  // How many compiles are still known. All that is known must be right.
  int check(Store& store) {
    int known = 0;
    for (int i = 0; i < kCompiles; ++i) {
      const std::string name = std::to_string(i);
      const auto manifest = store.manifest(key("manifest " + name));
      const auto digest = store.file_digest({.ino = static_cast<std::uint64_t>(i)});
      EXPECT_TRUE(!digest || *digest == key(name));
      if (!manifest) {
        continue;
      }
      EXPECT_THAT(manifest->sets, SizeIs(1));
      EXPECT_EQ(manifest->sets[0].result, key("result " + name));
      const auto input = store.input(manifest->sets[0].deps[0]);
      EXPECT_TRUE(input && input->name == "/src/" + name && input->digest == key(name));
      EXPECT_TRUE(store.result(key("result " + name)));
      ++known;
    }
    return known;
  }

  // Writing goes through pages that reading did not look at.
  void work(Store& store) {
    for (int i = 0; i < 20; ++i) {
      record_compile(store, "new " + std::to_string(i), 3'000);
    }
    const Result<> flushed = store.flush();
    EXPECT_TRUE(flushed) << (flushed ? "" : flushed.error().message);
    for (int i = 0; i < 20; ++i) {
      const std::string name = "new " + std::to_string(i);
      EXPECT_TRUE(store.manifest(key("manifest " + name)));
      EXPECT_TRUE(store.blob(key(large(name, 3'000))));
    }
  }

  std::string pristine_;
};

TEST_F(DamagedIndex, NoDamageLosesNothing) {
  set_index(pristine_);
  EXPECT_EQ(check(open()), kCompiles);
  EXPECT_THAT(warnings_, IsEmpty());
  work(*store_);
}

TEST_F(DamagedIndex, NoiseBeginsAnew) {
  std::mt19937 random(1);
  for (const std::size_t size : {std::size_t{1}, std::size_t{100}, std::size_t{4'096},
                                 std::size_t{8'192}, std::size_t{300'000}}) {
    std::string noise(size, '\0');
    for (char& c : noise) {
      c = static_cast<char>(random());
    }
    set_index(noise);
    Store& store = open();
    EXPECT_EQ(check(store), 0);
    EXPECT_THAT(warnings_, SizeIs(1)) << size;
    EXPECT_THAT(warnings_, Each(HasSubstr("starts empty")));
    work(store);
  }
}

TEST_F(DamagedIndex, ZerosBeginAnew) {
  set_index(std::string(100'000, '\0'));
  EXPECT_EQ(check(open()), 0);
  work(*store_);
}

TEST_F(DamagedIndex, AnyTruncationBeginsAnewOrLosesNothing) {
  for (std::size_t twelfths = 0; twelfths < 12; ++twelfths) {
    for (const std::size_t less : {std::size_t{0}, std::size_t{1}}) {
      const std::size_t size = pristine_.size() * twelfths / 12;
      set_index(pristine_.substr(0, size > less ? size - less : 0));
      Store& store = open();
      const int known = check(store);
      EXPECT_TRUE(known == 0 || known == kCompiles) << size;
      work(store);
    }
  }
}

TEST_F(DamagedIndex, FlippedBytesAnywhereDoNoHarm) {
  std::mt19937 random(2);
  for (int round = 0; round < 120; ++round) {
    std::string damaged = pristine_;
    // The first bytes of pages are where structure is; half of the flips go there.
    std::size_t at = random() % damaged.size();
    if (round % 2 == 0) {
      at = at / 4'096 * 4'096 + random() % 64;
    }
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (random() % 8)));
    set_index(damaged);
    Store& store = open();
    check(store);
    work(store);
  }
}

TEST_F(DamagedIndex, PagesThatChangedPlacesDoNoHarm) {
  std::mt19937 random(3);
  const std::size_t pages = pristine_.size() / 4'096;
  for (int round = 0; round < 30; ++round) {
    std::string damaged = pristine_;
    const std::size_t from = random() % pages * 4'096;
    const std::size_t to = random() % pages * 4'096;
    damaged.replace(to, 4'096, pristine_, from, 4'096);
    set_index(damaged);
    Store& store = open();
    check(store);
    work(store);
  }
}

TEST_F(DamagedIndex, WithoutRoomForACopyASoundIndexIsUsedAsItIs) {
  set_index(pristine_);
  const auto before = os::stat_path(layout().index_data());
  const auto verdict = os::run_isolated([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit small = {.rlim_cur = 50'000, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &small);
    const int known = check(open());
    close();
    return os::Verdict{.code = static_cast<std::uint8_t>(known), .text = {}};
  });
  ASSERT_TRUE(verdict);
  EXPECT_EQ(verdict->code, kCompiles);
  EXPECT_TRUE(os::stat_path(layout().index_data())->same_file_as(*before));
  EXPECT_FALSE(std::filesystem::exists(layout().rebuilt()));
}

TEST_F(DamagedIndex, AGarbledLockFileDoesNoHarm) {
  set_index(pristine_);
  ASSERT_TRUE(os::replace_file(layout().index() + "/lock.mdb", std::string(8'192, 'x'), 0600));
  EXPECT_EQ(check(open()), kCompiles);
  work(*store_);
}

TEST_F(DamagedIndex, AMissingIndexBeginsAnew) {
  std::filesystem::remove_all(layout().index());
  EXPECT_EQ(check(open()), 0);
  work(*store_);
}

TEST_F(DamagedIndex, OnlyTheNewestDamagedIndexIsKept) {
  for (int i = 0; i < 3; ++i) {
    set_index("noise");
    open();
    close();
  }
  int kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(layout().quarantine())) {
    kept += entry.is_directory();
  }
  EXPECT_EQ(kept, 1);
}

class CleanMarker : public DamagedIndex {
 protected:
  bool opens_clean() {
    auto opened =
        open_index(layout(), [this](const std::string& text) { warnings_.push_back(text); });
    EXPECT_TRUE(opened);
    return opened && opened->was_clean;
  }
};

TEST_F(CleanMarker, TellsAnOrderlyCloseFromACrash) {
  EXPECT_TRUE(std::filesystem::exists(layout().clean()));
  EXPECT_TRUE(opens_clean());
  // That index was destroyed without close_index, as in a crash.
  EXPECT_FALSE(std::filesystem::exists(layout().clean()));
  EXPECT_FALSE(opens_clean());
  EXPECT_THAT(warnings_, IsEmpty());
}

TEST_F(CleanMarker, IsOfOneIndexFileOnly) {
  ASSERT_TRUE(os::replace_file(layout().index_data(), pristine_ + std::string(4'096, 'x'), 0600));
  EXPECT_FALSE(opens_clean());
}

TEST_F(CleanMarker, ARepairedIndexTakesThePlaceOfTheOld) {
  set_index(pristine_);
  // After that: the number of a file that has gone may be given to the next one.
  const auto before = os::stat_path(layout().index_data());
  EXPECT_FALSE(opens_clean());
  EXPECT_FALSE(std::filesystem::exists(layout().rebuilt()));
  EXPECT_FALSE(os::stat_path(layout().index_data())->same_file_as(*before));
  EXPECT_EQ(check(open()), kCompiles);
}

}  // namespace
}  // namespace zc::store
