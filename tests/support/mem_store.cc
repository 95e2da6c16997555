#include "support/mem_store.h"

#include <unistd.h>

#include <algorithm>

#include "os/file.h"

namespace zc::test {

std::optional<store::Manifest> MemStore::manifest(const store::Digest& key) {
  const auto it = manifests.find(key);
  return it == manifests.end() ? std::nullopt : std::optional(it->second);
}

std::optional<store::Input> MemStore::input(store::InputId id) {
  return id != store::kNoInput && id <= inputs.size() ? std::optional(inputs[id - 1])
                                                      : std::nullopt;
}

store::InputId MemStore::intern(const store::Input& input) {
  if (has_no_numbers) {
    return store::kNoInput;
  }
  const auto it = std::ranges::find(inputs, input);
  if (it == inputs.end()) {
    inputs.push_back(input);
    return static_cast<store::InputId>(inputs.size());
  }
  return static_cast<store::InputId>(it - inputs.begin() + 1);
}

void MemStore::put_result(const store::Digest& manifest_key, store::InputSet set,
                          store::ResultRecord result) {
  results.insert_or_assign(set.result, std::move(result));
  std::vector<store::InputSet>& sets = manifests[manifest_key].sets;
  sets.insert(sets.begin(), std::move(set));
}

std::optional<store::ResultRecord> MemStore::result(const store::Digest& key) {
  const auto it = results.find(key);
  return it == results.end() ? std::nullopt : std::optional(it->second);
}

void MemStore::remove_result(const store::Digest& manifest_key, const store::Digest& result_key) {
  results.erase(result_key);
  std::erase_if(manifests[manifest_key].sets,
                [&](const store::InputSet& set) { return set.result == result_key; });
}

std::optional<std::uint64_t> MemStore::touch(const store::Digest& result_key,
                                             std::uint64_t output_bytes) {
  touched.push_back(result_key);
  touched_bytes = output_bytes;
  return room;
}

Result<store::Digest> MemStore::put_blob(int fd, std::uint64_t size_bytes) {
  ::lseek(fd, 0, SEEK_SET);
  TRY_ASSIGN(const std::string bytes, os::read_fd(fd, size_bytes));
  return put_blob(bytes);
}

Result<store::Digest> MemStore::put_blob(std::string_view bytes) {
  const store::Digest digest = codec::digest_of(bytes);
  blobs.insert_or_assign(digest, std::string(bytes));
  return digest;
}

Result<store::Blob> MemStore::blob(const store::Digest& digest) {
  const auto it = blobs.find(digest);
  if (it == blobs.end()) {
    return fail(Code::kNotFound, digest.hex());
  }
  return store::Blob{.bytes = it->second, .fd = {}, .size_bytes = it->second.size()};
}

std::optional<store::Digest> MemStore::file_digest(const os::FileStamp&) {
  return std::nullopt;
}

void MemStore::remember_file(const os::FileStamp&, const store::Digest&) {}

Result<store::Store::Cleared> MemStore::clear() {
  const Cleared out = {.results = results.size(), .bytes = 0};
  manifests.clear();
  results.clear();
  blobs.clear();
  return out;
}

}  // namespace zc::test
