#include "history/command_record.h"

#include <set>

#include <gtest/gtest.h>

#include "codec/json.h"

namespace zc::history {
namespace {

CommandRecord miss() {
  return {.start_ns = 1'769'860'800'123'456'789,
          .latency_ns = 5'000,
          .outcome = Outcome::kMiss,
          .compiler = "/usr/bin/g++",
          .args = {"-c", "a \"b\".cc", "-DX=\n"},
          .cwd = "/w",
          .source = "a \"b\".cc",
          .outputs = {"a.o"},
          .exit_code = 0,
          .session_id = "6f0e",
          .client_pid = 77,
          .result = "0123456789ab",
          .stored_ns = 12,
          .compiler_ns = 4'000,
          .output_bytes = 9,
          .is_verified = true,
          .missing_room_bytes = 11,
          .needed_room_bytes = 13,
          .reason = {},
          .detail = {},
          .why = Explanation{
              .compared = Compared::kLast,
              .place = "/w",
              .seen_ns = 1,
              .reason = {},
              .changes = {{.kind = ChangeKind::kWord, .name = {}, .before = "-O2", .after = "-O3"},
                          {.kind = ChangeKind::kNewFile,
                           .name = "/w/x.h",
                           .before = {},
                           .after = "12",
                           .changed_ns = 5}}}};
}

TEST(CommandRecord, ReadsWhatItHasWritten) {
  const CommandRecord record = miss();
  const auto read = decode(encode(record));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(encode(*read), encode(record));
  EXPECT_EQ(read->args, record.args);
  EXPECT_EQ(read->why, record.why);
  EXPECT_EQ(read->exit_code, 0);
  EXPECT_EQ(read->missing_room_bytes, 11U);
  EXPECT_EQ(read->needed_room_bytes, 13U);
}

TEST(CommandRecord, HasTheFieldsOfTheJournal) {
  const auto json = codec::Json::parse(encode(miss()));
  ASSERT_TRUE(json);
  EXPECT_EQ(json->at("ts").as_text(), "2026-01-31T12:00:00.123Z");
  EXPECT_EQ(json->at("outcome").as_text(), "miss");
  EXPECT_EQ(json->at("miss_reason").as_text(), "input_fingerprint_mismatch");
  EXPECT_TRUE(json->at("env").is_null());
  CommandRecord plain;
  plain.compiler = "/usr/bin/gcc";
  const auto bare = codec::Json::parse(encode(plain));
  ASSERT_TRUE(bare);
  EXPECT_TRUE(bare->at("session_id").is_null());
  EXPECT_TRUE(bare->at("exit_code").is_null());
  EXPECT_EQ(bare->at("miss_reason").as_text(), "uncacheable_input");
}

TEST(CommandRecord, NamesWhatAMissIsAbout) {
  CommandRecord record = miss();
  record.why->changes.clear();
  EXPECT_EQ(record.miss_reason(), "no_artifact_for_key");
  record.why->compared = Compared::kNearest;
  EXPECT_EQ(record.miss_reason(), "context_not_found");
  record.why.reset();
  EXPECT_EQ(record.miss_reason(), "unknown");
  record.outcome = Outcome::kHit;
  EXPECT_EQ(record.miss_reason(), "");
}

TEST(CommandRecord, IsAboutAFileWhereItHasOne) {
  CommandRecord record = {.compiler = "/usr/bin/gcc", .args = {"--version"}, .cwd = "/w"};
  EXPECT_EQ(subject_of(record), "/usr/bin/gcc");
  record.args = {"-E", "-I", "inc", "../a.c", "-O2"};
  EXPECT_EQ(subject_of(record), "/w/../a.c");
  record.args = {"a.o", "b.o", "-o", "prog", "-lm"};
  EXPECT_EQ(subject_of(record), "/w/prog");
  record.args = {"-c", "-o"};
  EXPECT_EQ(subject_of(record), "/usr/bin/gcc");
  record.source = "a.c";
  EXPECT_EQ(subject_of(record), "/w/a.c");
  record.outputs = {"/b/a.o"};
  EXPECT_EQ(subject_of(record), "/b/a.o");
}

TEST(CommandRecord, RefusesOtherLines) {
  EXPECT_FALSE(decode(""));
  EXPECT_FALSE(decode("{}"));
  EXPECT_FALSE(decode(R"({"outcome":"hit"})"));
  EXPECT_FALSE(decode(R"({"outcome":"odd","compiler":"gcc"})"));
}

TEST(Change, EachKindHasAnIdOfItsOwn) {
  std::set<std::string_view> ids;
  for (std::size_t i = 0; i < kChangeKinds; ++i) {
    const auto kind = static_cast<ChangeKind>(i);
    EXPECT_TRUE(ids.insert(id_of(kind)).second);
    EXPECT_EQ(kind_of(id_of(kind)), kind);
  }
  EXPECT_EQ(kind_of("odd"), std::nullopt);
}

TEST(Change, IsASentence) {
  Change change = {.kind = ChangeKind::kWord, .name = {}, .before = "-O2", .after = "-O3"};
  EXPECT_EQ(text_of(change), "the word -O2 is now -O3");
  change.before.reset();
  EXPECT_EQ(text_of(change), "the word -O3 is new");
  change = {.kind = ChangeKind::kFile, .name = "a.h", .before = "12", .after = {}};
  EXPECT_EQ(text_of(change), "the file a.h is gone or cannot be read");
  change.after = "34";
  EXPECT_EQ(text_of(change), "the file a.h has another content (12, now 34)");
  change = {.kind = ChangeKind::kVariable, .name = "LANG", .before = "C", .after = {}};
  EXPECT_EQ(text_of(change), "the variable LANG C is gone");
  change = {.kind = ChangeKind::kNames, .name = "d", .before = "12", .after = "34"};
  EXPECT_EQ(text_of(change), "the list of names in d has changed");
}

}  // namespace
}  // namespace zc::history
