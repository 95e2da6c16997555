#include "engine/settings.h"

#include <gtest/gtest.h>

#include "engine/c/engine_fixture.h"

namespace zc::engine::c {
namespace {

using compiler::Reason;

class EngineSettingsTest : public EngineTest {};

TEST_F(EngineSettingsTest, AWordOfTheUsersIsPartOfTheKey) {
  Engine engine = this->engine(store_);
  auto request = this->request();
  ASSERT_EQ(stored(engine, request, good_report()), "");
  request.env = {"ZCCACHE_CACHE_BUSTER=one"};
  EXPECT_FALSE(hits(engine, request));
  ASSERT_EQ(stored(engine, request, good_report()), "");
  EXPECT_TRUE(hits(engine, request));
  EXPECT_TRUE(hits(engine, this->request()));
  request.env = {"ZCCACHE_CACHE_BUSTER=two"};
  EXPECT_FALSE(hits(engine, request));
  request.env = {"ZCCACHE_CACHE_BUSTER="};
  EXPECT_TRUE(hits(engine, request)) << "empty is none";
}

TEST_F(EngineSettingsTest, ExtraFilesArePartOfTheKey) {
  fs_.write("/w/x", "one");
  fs_.write("/y", "one");
  fs_.tick();
  Engine engine = this->engine(store_);
  auto request = this->request();
  request.env = {"ZCCACHE_EXTRA_FILES=x:/y"};
  ASSERT_EQ(stored(engine, request, good_report()), "");
  EXPECT_TRUE(hits(engine, request));
  EXPECT_FALSE(hits(engine, this->request()));
  fs_.write("/y", "two");
  EXPECT_FALSE(hits(engine, request));
  fs_.write("/y", "one");
  EXPECT_TRUE(hits(engine, request));
  fs_.remove("/y");
  EXPECT_EQ(refused(engine, request), Reason::kUnreadableInput);
}

// Only the run knows which content it has seen.
TEST_F(EngineSettingsTest, AnExtraFileThatChangesDuringTheRunIsTooLate) {
  fs_.write("/w/x", "one");
  fs_.tick();
  Engine engine = this->engine(store_);
  auto request = this->request();
  request.env = {"ZCCACHE_EXTRA_FILES=x"};
  const auto first = compile(engine, request);
  fs_.write("/w/x", "two");
  fs_.write("/w/x", "one");
  EXPECT_EQ(stored(engine, *first, good_report()), "modified_input_file x");
  request.start_ns = static_cast<std::uint64_t>(fs_.now_ns());
  EXPECT_EQ(stored(engine, request, good_report()), "modified_input_file x")
      << "it may have changed since its time was read";
  fs_.tick();
  request.start_ns = static_cast<std::uint64_t>(fs_.now_ns());
  EXPECT_EQ(stored(engine, request, good_report()), "");
}

TEST_F(EngineSettingsTest, RecacheFindsNothing) {
  Engine engine = this->engine(store_);
  auto request = this->request();
  ASSERT_EQ(stored(engine, request, good_report()), "");
  request.env = {"ZCCACHE_RECACHE=1"};
  EXPECT_FALSE(hits(engine, request));
  ASSERT_EQ(stored(engine, request, good_report()), "");
  EXPECT_TRUE(hits(engine, this->request()));
}

TEST_F(EngineSettingsTest, SettingsOfARequestAreRead) {
  Engine engine = this->engine(store_);
  auto request = this->request();
  request.env = {"ZCCACHE_READ_ONLY=yes", "ZCCACHE_TERMINATE_ON_MISS=on"};
  EXPECT_TRUE(compile(engine, request)->only_reads);
  EXPECT_TRUE(compile(engine, request)->must_hit);
  EXPECT_FALSE(compile(engine, this->request())->only_reads);
  EXPECT_FALSE(compile(engine, this->request())->must_hit);
}

}  // namespace
}  // namespace zc::engine::c
