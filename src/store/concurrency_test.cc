// Many threads at once on one store, with eviction under their feet. What the thread sanitizer sees
// here is half of the point.
#include <atomic>
#include <thread>

#include "base/str.h"
#include "store/store_fixture.h"

namespace zc::store {
namespace {

class ConcurrencyTest : public StoreFixture {
 protected:
  static constexpr int kNames = 40;

  // One compile as the engine goes about it: look, and record after a miss.
  void compile(Store& store, int number) {
    const std::string name = str_cat("unit ", number % kNames);
    const std::size_t size = number % 3 == 0 ? 2'000 : 20'000;
    const std::string object = large(str_cat(name, " ", size), size);
    const Digest manifest_key = key(str_cat(name, " ", size));
    if (const auto manifest = store.manifest(manifest_key)) {
      for (const InputSet& set : manifest->sets) {
        const auto result = store.result(set.result);
        if (!result) {
          continue;
        }
        const auto blob = store.blob(result->outputs[0].blob);
        if (blob) {
          wrong_ += content(blob) != object;
          const auto input = store.input(set.deps[0]);
          wrong_ += input && input->name != name;
          store.touch(set.result, 1);
          ++hits_;
          return;
        }
        wrong_ += blob.error().code != Code::kNotFound;
      }
    }
    const auto blob = store.put_blob(object);
    if (!blob) {
      ++wrong_;
      return;
    }
    const InputId id = store.intern({.name = name, .digest = key(name)});
    const InputId shared = store.intern({.name = "shared", .digest = key("shared")});
    store.put_result(manifest_key, {.deps = {id, shared}, .result = key(str_cat("r", name, size))},
                     {.outputs = {{.role = 0, .blob = *blob, .size_bytes = size}}});
    store.remember_file({.ino = static_cast<std::uint64_t>(number)}, key(name));
    ++misses_;
  }

  void hammer(Store& store, int threads, int compiles) {
    std::vector<std::thread> all;
    for (int thread = 0; thread < threads; ++thread) {
      all.emplace_back([&, thread] {
        for (int i = 0; i < compiles; ++i) {
          compile(store, i * 7 + thread * 13);
          if (i % 50 == 0) {
            wrong_ += store.flush() ? 0 : 1;
            store.usage();
          }
        }
      });
    }
    for (std::thread& thread : all) {
      thread.join();
    }
  }

  std::atomic<int> hits_{0};
  std::atomic<int> misses_{0};
  std::atomic<int> wrong_{0};
};

TEST_F(ConcurrencyTest, CompilesSideBySide) {
  Store& store = open();
  hammer(store, 6, 300);
  EXPECT_EQ(wrong_, 0);
  EXPECT_GT(hits_, 1'000);
}

TEST_F(ConcurrencyTest, WithEviction) {
  Store& store = open({.size_bytes_max = 400'000});
  hammer(store, 4, 300);
  EXPECT_EQ(wrong_, 0);
  EXPECT_GT(misses_, kNames);
}

TEST_F(ConcurrencyTest, WithClear) {
  Store& store = open();
  std::atomic<bool> done{false};
  std::thread clearer([&] {
    while (!done) {
      wrong_ += store.clear() ? 0 : 1;
    }
  });
  hammer(store, 3, 200);
  done = true;
  clearer.join();
  EXPECT_EQ(wrong_, 0);
}

}  // namespace
}  // namespace zc::store
