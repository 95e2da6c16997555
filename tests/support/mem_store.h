// MemStore: a Store in memory, for tests of the engine. Blobs are always inline.
//
// Thread: one.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "store/store.h"

namespace zc::test {

class MemStore final : public store::Store {
 public:
  std::optional<store::Manifest> manifest(const store::Digest& key) override;
  std::optional<store::Input> input(store::InputId id) override;
  store::InputId intern(const store::Input& input) override;
  void put_result(const store::Digest& manifest_key, store::InputSet set,
                  store::ResultRecord result) override;
  std::optional<store::ResultRecord> result(const store::Digest& key) override;
  void remove_result(const store::Digest& manifest_key, const store::Digest& result_key) override;
  std::optional<std::uint64_t> touch(const store::Digest& result_key,
                                     std::uint64_t output_bytes) override;
  Result<store::Digest> put_blob(int fd, std::uint64_t size_bytes) override;
  Result<store::Digest> put_blob(std::string_view bytes) override;
  Result<store::Blob> blob(const store::Digest& digest) override;
  std::optional<store::Digest> file_digest(const os::FileStamp& stamp) override;
  void remember_file(const os::FileStamp& stamp, const store::Digest& digest) override;
  std::optional<store::KnownCommand> known_command(const store::Digest& name) override {
    const auto found = commands.find(name);
    return found == commands.end() ? std::nullopt : std::optional(found->second);
  }
  void remember_command(const store::Digest& name, const store::KnownCommand& command) override {
    commands.insert_or_assign(name, command);
  }
  std::optional<std::uint64_t> take_missing_room(const store::Digest&) override {
    return std::nullopt;
  }
  Result<Cleared> clear() override;
  void set_size_bytes_max(std::uint64_t) override {}
  store::Usage usage() override { return {}; }
  Result<> flush() override { return {}; }

  std::map<store::Digest, store::Manifest> manifests;
  std::map<store::Digest, store::ResultRecord> results;
  std::map<store::Digest, std::string> blobs;
  std::map<store::Digest, store::KnownCommand> commands;
  std::vector<store::Input> inputs;  // the first has the id 1
  bool has_no_numbers = false;       // for further inputs
  std::vector<store::Digest> touched;
  std::optional<std::uint64_t> room;  // that a touch returns
  std::uint64_t touched_bytes = 0;    // of the last touch
};

}  // namespace zc::test
