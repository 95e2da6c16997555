// Records of the index as bytes: encoding, and strict decoding.
//
// Decoding checks the structure of the bytes before it uses them, and the bounds of their values;
// it returns nothing for bytes that this encoder could not have written.
//
// Thread: any.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "store/store.h"

namespace zc::store {

struct StoredResult {
  ResultRecord record;
  std::int64_t stored_ns = 0;  // since the epoch
};

std::string encode(const Input& input);
std::string encode(const StoredResult& result);
// Leaves out the oldest sets if all together would be larger than kManifestBytesMax.
std::string encode(const Manifest& manifest);
std::string encode(const KnownCommand& command);

std::optional<Input> decode_input(std::string_view bytes);
std::optional<StoredResult> decode_result(std::string_view bytes);
std::optional<Manifest> decode_manifest(std::string_view bytes);
std::optional<KnownCommand> decode_known_command(std::string_view bytes);

// The store reads and rewrites a manifest as a whole, so its size needs a bound. A manifest with
// the ids of a hundred headers in 64 variants is a hundredth of this.
inline constexpr std::size_t kManifestBytesMax = std::size_t{1} << 20;

// Outputs and streams of one compile; it writes a handful.
inline constexpr std::size_t kOutputsMax = 512;

// Ids of inputs as differences, each zigzagged into a base-128 number of 1 to 5 bytes: neighbours
// in a depfile mostly got their ids one after the other.
std::string encode_ids(const std::vector<InputId>& ids);
std::optional<std::vector<InputId>> decode_ids(std::string_view bytes);

}  // namespace zc::store
