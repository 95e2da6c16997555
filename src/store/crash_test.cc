// What a store is worth after its process was killed, or its disk was full.
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "os/isolated.h"
#include "store/store_fixture.h"

namespace zc::store {
namespace {

using ::testing::IsEmpty;

class CrashTest : public StoreFixture {
 protected:
  static std::string name_of(int i) { return str_cat("compile ", i); }

  // Records compiles for ever and reports each by a byte.
  [[noreturn]] void record_until_killed(int pipe) {
    const auto store = try_open();
    for (int i = 0; store; ++i) {
      record_compile(**store, name_of(i), i % 2 == 0 ? 30'000 : 3'000);
      if (i % 7 == 0) {
        (void)(*store)->flush();
      }
      if (::write(pipe, "x", 1) != 1) {
        break;
      }
    }
    ::_exit(1);
  }

  // Kills a recording process after `records` reports.
  void record_and_kill(int records) {
    int ends[2];
    ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
    const os::Fd read_end(ends[0]);
    os::Fd write_end(ends[1]);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      record_until_killed(write_end.get());
    }
    write_end.reset();
    char byte = 0;
    for (int i = 0; i < records; ++i) {
      EXPECT_EQ(::read(read_end.get(), &byte, 1), 1);
    }
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status));
  }

  // Of `records` compiles: how many would hit. Everything that is found must be right.
  int hits(Store& store, int records) {
    int count = 0;
    for (int i = 0; i < records; ++i) {
      const std::string name = name_of(i);
      const auto manifest = store.manifest(key("manifest " + name));
      if (!manifest) {
        continue;
      }
      EXPECT_EQ(manifest->sets.size(), 1U);
      const InputSet& set = manifest->sets[0];
      const auto input = store.input(set.deps[0]);
      EXPECT_TRUE(input && input->name == "/src/" + name);
      const auto result = store.result(set.result);
      EXPECT_TRUE(result) << name << " leads nowhere";
      const auto blob = store.blob(result->outputs[0].blob);
      if (blob) {
        EXPECT_EQ(content(blob), large(name, result->outputs[0].size_bytes));
        ++count;
      }
    }
    return count;
  }
};

TEST_F(CrashTest, KillAtAnyMomentCostsMissesOnly) {
  for (const int records : {1, 2, 3, 8, 15, 40, 100, 200}) {
    record_and_kill(records);
    Store& store = open();
    const int found = hits(store, records + 200);
    // What was flushed is there.
    EXPECT_GE(found, (records - 1) / 7 * 7);
    record_compile(store, "after");
    EXPECT_TRUE(store.flush());
    EXPECT_TRUE(store.clear());
    close();
  }
  EXPECT_THAT(warnings_, IsEmpty());
}

// Ids given out after a crash must not be those that surviving manifests hold.
TEST_F(CrashTest, InputsKeepTheirMeaningAcrossCrashes) {
  for (int round = 0; round < 5; ++round) {
    record_and_kill(20);
    Store& store = open();
    for (int i = 0; i < 30; ++i) {
      store.intern(
          {.kind = InputKind::kAbsence, .name = str_cat("new ", round, " ", i), .digest = {}});
    }
    hits(store, 200);
    close();
  }
}

TEST_F(CrashTest, LeftoversOfACrashAreRemovedAtTheNextStart) {
  Store* store = &open();
  const Digest orphan = digest_in(store->put_blob(large("orphan")));
  record_compile(*store, "a.c");
  close();
  std::filesystem::remove(layout().clean());
  const timespec old = {.tv_sec = ::time(nullptr) - 3'600, .tv_nsec = 0};
  const timespec times[2] = {old, old};
  ASSERT_EQ(::utimensat(AT_FDCWD, layout().blob(orphan).c_str(), times, 0), 0);
  open();
  while (std::filesystem::exists(layout().blob(orphan))) {
    ::sched_yield();
  }
  EXPECT_EQ(content(store_->blob(key(large("a.c")))), large("a.c"));
}

// Makes the disk small for this process: a tmpfs in a mount namespace of its own where that is
// allowed, else a limit on the size of files.
bool make_disk_small(const std::string& directory) {
  if (::unshare(CLONE_NEWNS) == 0 && ::mount("", "/", "", MS_REC | MS_PRIVATE, nullptr) == 0 &&
      ::mount("zc", directory.c_str(), "tmpfs", 0, "size=1m,mode=700") == 0) {
    return true;
  }
  ::signal(SIGXFSZ, SIG_IGN);
  const rlimit small = {.rlim_cur = 400'000, .rlim_max = RLIM_INFINITY};
  return ::setrlimit(RLIMIT_FSIZE, &small) == 0;
}

void make_disk_large(const std::string& directory) {
  ::mount("zc", directory.c_str(), "tmpfs", MS_REMOUNT, "size=64m,mode=700");
  const rlimit large = {.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
  ::setrlimit(RLIMIT_FSIZE, &large);
}

#define EXPECT_IN_CHILD(condition)                                                  \
  if (!(condition)) {                                                               \
    return os::Verdict{.code = 1, .text = str_cat(#condition, " line ", __LINE__)}; \
  }

TEST_F(CrashTest, AFullDiskCostsMissesOnly) {
  ASSERT_TRUE(os::make_directories(root()));
  const auto verdict = os::run_isolated([&]() -> os::Verdict {
    EXPECT_IN_CHILD(make_disk_small(root()));
    Store& store = open();
    record_compile(store, "first", 3'000);
    EXPECT_IN_CHILD(store.flush());
    bool blobs_failed = false;
    for (int i = 0; i < 100; ++i) {
      const auto put = store.put_blob(large(str_cat("large ", i), 450'000));
      blobs_failed = blobs_failed || !put;
    }
    EXPECT_IN_CHILD(blobs_failed);
    Result<> flushed;
    for (int i = 0; i < 300 && flushed; ++i) {
      for (int j = 0; j < 10; ++j) {
        const std::string name = str_cat("small ", i, " ", j);
        (void)store.put_blob(large(name, 4'000));
        store.put_result(key(name), {.result = key(name)}, {});
      }
      flushed = store.flush();
    }
    EXPECT_IN_CHILD(!flushed);
    // A write that found room for a part of its bytes is reported as kIo by LMDB.
    EXPECT_IN_CHILD(flushed.error().code == Code::kNoSpace || flushed.error().code == Code::kIo);
    EXPECT_IN_CHILD(warnings_.size() == 1);
    EXPECT_IN_CHILD(store.manifest(key("manifest first")));
    EXPECT_IN_CHILD(content(store.blob(key(large("first", 3'000)))) == large("first", 3'000));

    make_disk_large(root());
    record_compile(store, "later", 3'000);
    EXPECT_IN_CHILD(store.flush());
    Store& again = open();
    EXPECT_IN_CHILD(again.manifest(key("manifest first")));
    EXPECT_IN_CHILD(again.manifest(key("manifest later")));
    close();
    return {};
  });
  ASSERT_TRUE(verdict) << "crashed";
  EXPECT_EQ(verdict->code, 0) << verdict->text;
}

}  // namespace
}  // namespace zc::store
