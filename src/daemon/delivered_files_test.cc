#include "daemon/delivered_files.h"

#include <sys/socket.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "wire/message.h"

namespace zc::daemon {
namespace {

constexpr std::int64_t kHitNs = 1'000'000'000'500'000'000;
constexpr std::int64_t kDeliveredNs = kHitNs + 300'000;

const codec::Digest kObject = codec::digest_of("object");
const codec::Digest kDwarf = codec::digest_of("dwarf");

class DeliveredFilesTest : public ::testing::Test {
 protected:
  // A client that has got a hit of an object of 10 bytes and a .dwo file of 20.
  void given_hit() {
    int ends[2];
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    const os::Fd daemon_end(ends[0]);
    clients_.emplace_back(os::Fd(ends[1]));
    files_.await(daemon_end.get(),
                 {{.size_bytes = 10, .digest = kObject}, {.size_bytes = 20, .digest = kDwarf}},
                 kHitNs);
  }
  wire::Connection& client() { return clients_.back(); }
  void report(const std::vector<wire::DeliveredFile>& files) {
    ASSERT_TRUE(client().send(*wire::encode(wire::Delivered{.files = files})));
  }
  static wire::DeliveredFile object() {
    return {.index = 0,
            .dev = 8,
            .ino = 1,
            .size_bytes = 10,
            .mtime_ns = kDeliveredNs - 1000,
            .ctime_ns = kDeliveredNs};
  }
  static os::FileStamp stamp_of(const wire::DeliveredFile& file) {
    return {.dev = file.dev,
            .ino = file.ino,
            .size_bytes = file.size_bytes,
            .mtime_ns = static_cast<std::int64_t>(file.mtime_ns),
            .ctime_ns = static_cast<std::int64_t>(file.ctime_ns)};
  }
  // That the client reports one file as the first of the hit, changed by `change`.
  template <class Change>
  bool believes(Change change) {
    given_hit();
    wire::DeliveredFile file = object();
    change(file);
    report({file});
    return files_.take(stamp_of(file)).has_value();
  }

  std::int64_t now_ns_ = kDeliveredNs + 200'000;
  DeliveredFiles files_{[this] { return now_ns_; }};
  std::deque<wire::Connection> clients_;
};

TEST_F(DeliveredFilesTest, TheStampOfADeliveredFileTellsItsContent) {
  given_hit();
  wire::DeliveredFile dwarf = object();
  dwarf.index = 1;
  dwarf.ino = 2;
  dwarf.size_bytes = 20;
  report({dwarf, object()});
  EXPECT_EQ(files_.take(stamp_of(object())), kObject);
  EXPECT_EQ(files_.take(stamp_of(dwarf)), kDwarf);
}

TEST_F(DeliveredFilesTest, EachDetailOfTheStampCounts) {
  given_hit();
  report({object()});
  for (const auto change :
       {+[](os::FileStamp& s) { ++s.dev; }, +[](os::FileStamp& s) { ++s.ino; },
        +[](os::FileStamp& s) { ++s.size_bytes; }, +[](os::FileStamp& s) { ++s.mtime_ns; },
        +[](os::FileStamp& s) { ++s.ctime_ns; }}) {
    os::FileStamp other = stamp_of(object());
    change(other);
    EXPECT_EQ(files_.take(other), std::nullopt);
  }
  EXPECT_EQ(files_.take(stamp_of(object())), kObject);
}

// The link comes when the client has ended, and no hit comes in between.
TEST_F(DeliveredFilesTest, AReportIsFoundAfterItsClientHasEnded) {
  given_hit();
  report({object()});
  clients_.clear();
  EXPECT_EQ(files_.take(stamp_of(object())), kObject);
}

TEST_F(DeliveredFilesTest, AReportMayComeLate) {
  given_hit();
  EXPECT_EQ(files_.take(stamp_of(object())), std::nullopt);
  report({object()});
  EXPECT_EQ(files_.take(stamp_of(object())), kObject);
}

TEST_F(DeliveredFilesTest, AClientThatEndsWithoutAReportHindersNobody) {
  given_hit();
  clients_.clear();
  given_hit();
  report({object()});
  EXPECT_EQ(files_.take(stamp_of(object())), kObject);
}

TEST_F(DeliveredFilesTest, AClientThatStandsStillHindersNobody) {
  given_hit();
  for (int i = 0; i < 300; ++i) {
    given_hit();
    wire::DeliveredFile file = object();
    file.ino = 100 + static_cast<std::uint64_t>(i);
    report({file});
  }
  wire::DeliveredFile last = object();
  last.ino = 399;
  EXPECT_EQ(files_.take(stamp_of(last)), kObject);
}

TEST_F(DeliveredFilesTest, WhatIsBelievedIsAFileOfThisHit) {
  using File = wire::DeliveredFile;
  EXPECT_TRUE(believes([](File&) {}));
  EXPECT_FALSE(believes([](File& file) { file.index = 1; }));  // of another size
  EXPECT_FALSE(believes([](File& file) { file.index = 2; }));  // of which there is none
  EXPECT_FALSE(believes([](File& file) { file.index = ~std::uint64_t{0}; }));
  EXPECT_FALSE(believes([](File& file) { file.size_bytes = 11; }));
  EXPECT_FALSE(believes([](File& file) { file.mtime_ns = file.ctime_ns + 1; }));
}

TEST_F(DeliveredFilesTest, AFileThatIsOlderThanTheHitIsNotBelieved) {
  EXPECT_FALSE(believes([](wire::DeliveredFile& file) {
    file.ctime_ns = kHitNs - 20'000'000;
    file.mtime_ns = file.ctime_ns;
  }));
}

TEST_F(DeliveredFilesTest, AFileOfTheFutureIsNotBelieved) {
  now_ns_ = kDeliveredNs - 1;
  EXPECT_FALSE(believes([](wire::DeliveredFile&) {}));
}

TEST_F(DeliveredFilesTest, OtherMessagesAndGarbageAreNoReports) {
  for (const std::string& bytes :
       {*wire::encode_plain(wire::Type::kStatus, "1"), std::string("garbage, and much of it"),
        wire::encode(wire::Delivered{.files = {object()}})->substr(0, 40)}) {
    given_hit();
    ASSERT_TRUE(client().send(bytes));
    EXPECT_EQ(files_.take(stamp_of(object())), std::nullopt);
  }
}

}  // namespace
}  // namespace zc::daemon
