// For tests of this directory: a directory of its own for each test, and a store in it.
//
// Thread: the test's.
#pragma once

#include <fcntl.h>

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "codec/digest.h"
#include "os/file.h"
#include "store/layout.h"
#include "store/store.h"
#include "support/temporary_directory.h"

namespace zc::store {

class StoreFixture : public ::testing::Test {
 protected:
  std::string root() const { return directory_ / "root"; }
  Layout layout() const { return Layout(root()); }

  Result<std::unique_ptr<Store>> try_open(const Options& options = {}) {
    return Store::open(root(), options,
                       [this](const std::string& text) { warnings_.push_back(text); });
  }
  // Closes the store that is open, if any.
  Store& open(const Options& options = {}) {
    store_.reset();
    Result<std::unique_ptr<Store>> opened = try_open(options);
    EXPECT_TRUE(opened) << (opened ? "" : opened.error().message);
    store_ = *std::move(opened);
    return *store_;
  }
  void close() { store_.reset(); }

  // Writes a file outside of the store and opens it.
  os::Fd file(const std::string& name, const std::string& bytes) {
    const std::string path = directory_ / name;
    EXPECT_TRUE(os::replace_file(path, bytes, 0600));
    Result<os::Fd> fd = os::open_path(path, O_RDONLY);
    EXPECT_TRUE(fd);
    return *std::move(fd);
  }

  static std::string content(const Result<Blob>& blob) {
    if (!blob) {
      return "error: " + blob.error().message;
    }
    if (!blob->fd.valid()) {
      return blob->bytes;
    }
    return os::read_fd(blob->fd.get(), blob->size_bytes).value_or("unreadable");
  }

  test::TemporaryDirectory directory_;
  std::vector<std::string> warnings_;
  std::unique_ptr<Store> store_;
};

// The digest of what was put; zeros after a failure, which the test then sees.
inline Digest digest_in(const Result<Digest>& put) {
  EXPECT_TRUE(put) << (put ? "" : put.error().message);
  return put.value_or(Digest{});
}

inline Digest key(std::string_view name) {
  return codec::digest_of(name);
}

// Larger than what goes into the index.
inline std::string large(std::string_view seed, std::size_t size = 20'000) {
  std::string out;
  while (out.size() < size) {
    out += codec::digest_of(std::string(seed) + std::to_string(out.size())).hex();
  }
  out.resize(size);
  return out;
}

// Records a compile of `name`: one input, one output of `size` bytes.
inline void record_compile(Store& store, const std::string& name, std::size_t size = 20'000) {
  const std::string object = large(name, size);
  const Result<Digest> blob = store.put_blob(object);
  ASSERT_TRUE(blob);
  const InputId id = store.intern({.name = "/src/" + name, .digest = key(name)});
  store.put_result(
      key("manifest " + name), {.deps = {id}, .result = key("result " + name)},
      {.outputs = {{.role = 0, .blob = *blob, .size_bytes = object.size()}}, .compile_ns = 1'000});
}

}  // namespace zc::store
