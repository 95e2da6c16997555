#include "codec/digest.h"

namespace zc::codec {
namespace {

// The input of the published test vectors: byte i is i % 251.
std::string vector_input(std::size_t length) {
  std::string out(length, '\0');
  for (std::size_t i = 0; i < length; ++i) {
    out[i] = static_cast<char>(i % 251);
  }
  return out;
}

struct KnownAnswer {
  std::size_t length;
  const char* hex;
};

// Lengths around the block (64) and chunk (1024) sizes, and one that fills all SIMD lanes.
class KnownAnswers : public ::testing::TestWithParam<KnownAnswer> {};

TEST_P(KnownAnswers, WholeInput) {
  EXPECT_EQ(digest_of(vector_input(GetParam().length)).hex(), GetParam().hex);
}

TEST_P(KnownAnswers, InPieces) {
  const std::string input = vector_input(GetParam().length);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{63}, std::size_t{1000}}) {
    Hasher hasher;
    for (std::size_t at = 0; at < input.size(); at += piece) {
      hasher.update(std::string_view(input).substr(at, piece));
    }
    EXPECT_EQ(hasher.finish().hex(), GetParam().hex) << piece;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Blake3, KnownAnswers,
    ::testing::Values(
        KnownAnswer{0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"},
        KnownAnswer{1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213"},
        KnownAnswer{63, "e9bc37a594daad83be9470df7f7b3798297c3d834ce80ba85d6e207627b7db7b"},
        KnownAnswer{1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11"},
        KnownAnswer{1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"},
        KnownAnswer{1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444"},
        KnownAnswer{8192, "aae792484c8efe4f19e2ca7d371d8c467ffb10748d8a5a1ae579948f718a2a63"},
        KnownAnswer{102400, "bc3e3d41a1146b069abffad3c0d44860cf664390afce4d9661f7902e7943e085"}),
    [](const auto& test) { return "Length" + std::to_string(test.param.length); });

TEST(Digest, RoundTripsThroughItsBytes) {
  const Digest digest = digest_of("x");
  EXPECT_EQ(Digest::from_view(digest.view()), digest);
  EXPECT_EQ(Digest::from_view(digest.view().substr(1)), std::nullopt);
  EXPECT_EQ(Digest::from_view(std::string(33, 'x')), std::nullopt);
}

TEST(Hasher, CanBeAskedBeforeTheEnd) {
  Hasher hasher;
  hasher.update("a");
  EXPECT_EQ(hasher.finish(), digest_of("a"));
  hasher.update("b");
  EXPECT_EQ(hasher.finish(), digest_of("ab"));
}

Digest key(std::string_view domain,
           const std::vector<std::pair<std::string, std::string>>& fields) {
  KeyHasher hasher(domain);
  for (const auto& [tag, bytes] : fields) {
    hasher.field(tag, bytes);
  }
  return hasher.finish();
}

TEST(KeyHasher, EqualFieldsGiveEqualKeys) {
  EXPECT_EQ(key("d", {{"arg", "-O2"}}), key("d", {{"arg", "-O2"}}));
}

TEST(KeyHasher, NoTwoListsOfFieldsRunTogether) {
  const std::vector<Digest> keys = {
      key("d", {}),
      key("d", {{"a", ""}}),
      key("d", {{"", "a"}}),
      key("d", {{"a", "bc"}}),
      key("d", {{"ab", "c"}}),
      key("d", {{"a", "b"}, {"a", "c"}}),
      key("d", {{"a", "c"}, {"a", "b"}}),
      key("d", {{"a", "b"}, {"c", ""}}),
      key("d", {{"a", std::string("b\0\0", 3)}}),
      key("da", {{"a", "bc"}}),
      key("", {{"d", ""}}),
  };
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (std::size_t j = i + 1; j < keys.size(); ++j) {
      EXPECT_NE(keys[i], keys[j]) << i << " and " << j;
    }
  }
}

TEST(KeyHasher, NumbersAreEightBytes) {
  KeyHasher number("d");
  number.field("n", std::uint64_t{0x0102030405060708});
  KeyHasher bytes("d");
  bytes.field("n", std::string_view("\x08\x07\x06\x05\x04\x03\x02\x01", 8));
  EXPECT_EQ(number.finish(), bytes.finish());
}

}  // namespace
}  // namespace zc::codec
