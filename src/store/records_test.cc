#include "store/records.h"

#include <limits>

#include "base/limits.h"
#include "store/store_fixture.h"

namespace zc::store {
namespace {

using ::testing::ElementsAreArray;

TEST(Ids, RoundTrip) {
  constexpr InputId kMax = std::numeric_limits<InputId>::max();
  for (const std::vector<InputId>& ids :
       {std::vector<InputId>{}, {0}, {1, 2, 3}, {kMax, 0, kMax}, {5, 5, 5}, {1'000'000, 3}}) {
    const auto back = decode_ids(encode_ids(ids));
    ASSERT_TRUE(back);
    EXPECT_THAT(*back, ElementsAreArray(ids));
  }
}

TEST(Ids, NeighboursTakeOneByte) {
  EXPECT_EQ(encode_ids({10, 11, 12, 9}).size(), 4U);
}

TEST(Ids, BadBytesAreRefused) {
  EXPECT_FALSE(decode_ids("\x80"));                                       // unfinished
  EXPECT_FALSE(decode_ids("\x01"));                                       // below zero
  EXPECT_FALSE(decode_ids(std::string_view("\x82\x80\x80\x80\x20", 5)));  // above the largest
  EXPECT_FALSE(decode_ids(std::string_view("\x80\x80\x80\x80\x80\x00", 6)));
}

Manifest manifest_of(std::size_t sets, std::size_t deps) {
  Manifest out;
  for (std::size_t i = 0; i < sets; ++i) {
    InputSet set;
    for (std::size_t j = 0; j < deps; ++j) {
      set.deps.push_back(static_cast<InputId>(i + j * 1'000));
    }
    set.result = key(std::to_string(i));
    out.sets.push_back(set);
  }
  return out;
}

TEST(Records, ManifestRoundTrips) {
  Manifest manifest = manifest_of(3, 5);
  manifest.sets[1].others = {7, 9, 8};
  const auto back = decode_manifest(encode(manifest));
  ASSERT_TRUE(back);
  ASSERT_EQ(back->sets.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(back->sets[i].deps, manifest.sets[i].deps);
    EXPECT_EQ(back->sets[i].others, manifest.sets[i].others);
    EXPECT_EQ(back->sets[i].result, manifest.sets[i].result);
  }
}

TEST(Records, InputsRoundTrip) {
  for (const Input& input :
       {Input{.name = "/usr/include/stdio.h", .digest = key("x")},
        Input{.kind = InputKind::kAbsence, .root = "libraries0", .name = "/liba.so", .digest = {}},
        Input{.kind = kLastInputKind, .name = "", .digest = key("y")},
        Input{.kind = InputKind::kVariable, .name = "HOME", .digest = {}}}) {
    EXPECT_EQ(decode_input(encode(input)), input);
  }
}

TEST(Records, AResultRoundTrips) {
  StoredResult result;
  result.stored_ns = 7;
  result.record = {.outputs = {{.role = 3,
                                .blob = key("x"),
                                .size_bytes = 9,
                                .executable = true,
                                .name = "/w/a",
                                .kind = FileKind::kPlain,
                                .mode = 07777,
                                .is_rewritten = true},
                               {.role = 0,
                                .blob = key("y"),
                                .size_bytes = 1,
                                .name = "/w/d",
                                .kind = FileKind::kDirectory,
                                .mode = 0700},
                               {.blob = key("z"), .name = "/w/l", .kind = kLastFileKind}},
                   .compile_ns = 5,
                   .exit_code = 255};
  const auto back = decode_result(encode(result));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->record.outputs, result.record.outputs);
  EXPECT_EQ(back->record.compile_ns, 5U);
  EXPECT_EQ(back->record.exit_code, 255U);
  EXPECT_EQ(back->stored_ns, 7);
}

TEST(Records, AnOutputOfAnUnknownKindIsRefused) {
  StoredResult result;
  result.record.outputs.resize(2);
  result.record.outputs[1].kind =
      static_cast<FileKind>(static_cast<std::uint8_t>(kLastFileKind) + 1);
  EXPECT_FALSE(decode_result(encode(result)));
}

TEST(Records, AnInputThatMeansNothingIsRefused) {
  const auto unknown = static_cast<InputKind>(static_cast<std::uint8_t>(kLastInputKind) + 1);
  EXPECT_FALSE(decode_input(encode({.kind = unknown, .name = "a", .digest = key("x")})));
  EXPECT_FALSE(decode_input(encode({.kind = InputKind::kFile, .name = "a", .digest = {}})));
  EXPECT_FALSE(
      decode_input(encode({.kind = InputKind::kAbsence, .name = "a", .digest = key("x")})));
}

TEST(Records, AManifestThatGrowsTooLargeLosesItsOldestSets) {
  const auto back = decode_manifest(encode(manifest_of(20, 100'000)));
  ASSERT_TRUE(back);
  EXPECT_LT(back->sets.size(), 20U);
  ASSERT_GT(back->sets.size(), 0U);
  EXPECT_EQ(back->sets[0].result, key("0"));
}

TEST(Records, TooManySetsOrOutputsAreRefused) {
  EXPECT_TRUE(decode_manifest(encode(manifest_of(limits::kInputSetsMax, 1))));
  EXPECT_FALSE(decode_manifest(encode(manifest_of(limits::kInputSetsMax + 1, 1))));
  StoredResult result;
  result.record.outputs.resize(kOutputsMax);
  EXPECT_TRUE(decode_result(encode(result)));
  result.record.outputs.resize(kOutputsMax + 1);
  EXPECT_FALSE(decode_result(encode(result)));
}

// Every truncation and many flipped bits: decoding gives something or nothing, never harm. What the
// sanitizers see here is the point.
template <class Decode>
void damage(const std::string& bytes, Decode decode) {
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    decode(bytes.substr(0, size));
    decode(bytes.substr(size));
  }
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    decode(damaged);
  }
}

TEST(Records, DamageDoesNoHarm) {
  damage(encode(manifest_of(3, 4)), decode_manifest);
  damage(encode(Input{.name = "/usr/include/stdio.h", .digest = key("x")}), decode_input);
  StoredResult result;
  result.record.outputs.resize(2);
  result.record.outputs[1].name = "a.dwo";
  damage(encode(result), decode_result);
  EXPECT_FALSE(decode_manifest(""));
  EXPECT_FALSE(decode_input(std::string(100, '\xff')));
}

}  // namespace
}  // namespace zc::store
