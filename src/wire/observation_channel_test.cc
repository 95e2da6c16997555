#include "wire/observation_channel.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>
#include <vector>

namespace zc::wire {
namespace {

using ::testing::HasSubstr;

// A channel with room for 240 bytes of records, and records as a writer would put them there.
class ObservationChannel : public ::testing::Test {
 protected:
  static constexpr std::size_t kRoom = 240;

  ObservationChannel() : words_((kObservationHeaderBytes + kRoom) / sizeof(std::uint64_t)) {
    words_[0] = kObservationMark;
  }

  std::span<char> bytes() {
    return {reinterpret_cast<char*>(words_.data()), kObservationHeaderBytes + kRoom};
  }
  void take(std::uint64_t taken) {
    words_[kObservationTakenOffset / sizeof(std::uint64_t)] = taken;
  }
  void put(std::string_view text) { put(text, static_cast<std::uint32_t>(text.size())); }
  void put(std::string_view text, std::uint32_t size) {
    char* const place = bytes().data() + kObservationHeaderBytes + end_;
    std::memcpy(place, &size, sizeof size);
    std::memcpy(place + sizeof size, text.data(), text.size());
    end_ += (sizeof size + text.size() + 7) / 8 * 8;
    take(end_);
  }
  std::string problem() {
    const Result<std::string> text = read_observation_channel(bytes());
    return text ? "" : text.error().message;
  }

  std::vector<std::uint64_t> words_;
  std::size_t end_ = 0;
};

TEST_F(ObservationChannel, RecordsInTheirOrder) {
  EXPECT_EQ(read_observation_channel(bytes()).value_or("?"), "");
  for (const char* text : {"a", "four", "12345", "exactly8", "R1 0 5 /x"}) {
    put(text);
  }
  EXPECT_EQ(read_observation_channel(bytes()).value_or("?"),
            std::string_view("a\0four\0"
                             "12345\0exactly8\0R1 0 5 /x\0",
                             32));
}

TEST_F(ObservationChannel, AnUnfinishedRecordSpoilsAll) {
  put("before");
  put("killed", 0);
  put("after");
  EXPECT_THAT(problem(), HasSubstr("in the middle"));
}

TEST_F(ObservationChannel, WhatDidNotFitIsMissed) {
  put("before");
  take(kRoom + 8);
  EXPECT_THAT(problem(), HasSubstr("looked at more"));
  take(UINT64_MAX);
  EXPECT_THAT(problem(), HasSubstr("looked at more"));
}

TEST_F(ObservationChannel, HostileSizesAreRefused) {
  for (const std::uint32_t size : {5U, 200U, 5000U, 0x7fffffffU, UINT32_MAX}) {
    end_ = 0;
    put("abc", size);
    EXPECT_THAT(problem(), HasSubstr("damaged")) << size;
  }
  end_ = 0;
  put("abc");
  take(4);
  EXPECT_THAT(problem(), HasSubstr("damaged"));
  words_[0] ^= 1;
  EXPECT_THAT(problem(), HasSubstr("damaged"));
  EXPECT_FALSE(read_observation_channel({}));
  EXPECT_FALSE(read_observation_channel(bytes().first(8)));
}

TEST_F(ObservationChannel, NobodyCanTakeTheMemoryAway) {
  const Result<os::MemoryFile> channel = make_observation_channel();
  ASSERT_TRUE(channel);
  EXPECT_EQ(read_observation_channel(channel->bytes()).value_or("?"), "");
  EXPECT_NE(::ftruncate(channel->fd(), 0), 0);
  EXPECT_NE(::ftruncate(channel->fd(), kObservationChannelBytes + 1), 0);
  EXPECT_NE(::fcntl(channel->fd(), F_ADD_SEALS, F_SEAL_WRITE), 0);
  ::fallocate(channel->fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096);
  EXPECT_FALSE(read_observation_channel(channel->bytes())) << "the mark is gone";
}

}  // namespace
}  // namespace zc::wire
