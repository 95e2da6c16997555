#include "codec/json.h"

namespace zc::codec {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Json, ReadsMembersInTheirOrder) {
  const Result<Json> json = Json::parse(R"({"b":1,"a":"x","list":[2,3]})");
  ASSERT_TRUE(json);
  std::vector<std::string> keys;
  for (const auto& [key, value] : json->members()) {
    keys.push_back(key);
  }
  EXPECT_THAT(keys, ElementsAre("b", "a", "list"));
  EXPECT_EQ(json->at("b").as_u64(), 1U);
  EXPECT_EQ(json->at("a").as_text(), "x");
  ASSERT_EQ(json->at("list").elements().size(), 2U);
  EXPECT_EQ(json->at("list").elements()[1].as_u64(), 3U);
}

TEST(Json, WhatIsNotThereIsEmpty) {
  const Result<Json> json = Json::parse(R"({"a":-1,"b":1.5,"c":null})");
  ASSERT_TRUE(json);
  EXPECT_TRUE(json->at("missing").is_null());
  EXPECT_TRUE(json->at("missing").at("deeper").is_null());
  EXPECT_EQ(json->at("a").as_u64(), 0U);
  EXPECT_EQ(json->at("b").as_u64(), 0U);
  EXPECT_EQ(json->at("a").as_text(), "");
  EXPECT_THAT(json->at("c").members(), IsEmpty());
  EXPECT_THAT(json->at("c").elements(), IsEmpty());
}

TEST(Json, RejectsWhatIsNotJson) {
  for (const char* text : {"", "{", "{\"a\":}", "[1,]", "nul"}) {
    const Result<Json> json = Json::parse(text);
    ASSERT_FALSE(json) << text;
    EXPECT_EQ(json.error().code, Code::kCorrupt) << text;
  }
}

TEST(Json, WritesWhatWasSet) {
  Json json = Json::object();
  json.set("name", Json::text("a \"quoted\" word"));
  json.set("rate", Json::number(0.5));
  json.set("none", Json());
  EXPECT_EQ(json.dump(),
            "{\n  \"name\": \"a \\\"quoted\\\" word\",\n  \"rate\": 0.5,\n"
            "  \"none\": null\n}");
}

TEST(Json, WritesOneLineForPrograms) {
  Json json;
  json.set("largest", Json::count(18'446'744'073'709'551'615U));
  json.set("none", Json::object());
  Json list = Json::array();
  EXPECT_EQ(list.dump_line(), "[]");
  list.append(Json::text("a\nb"));
  list.append(Json::count(0));
  json.set("list", std::move(list));
  EXPECT_EQ(json.dump_line(), R"({"largest":18446744073709551615,"none":{},"list":["a\nb",0]})");
}

TEST(Json, BytesThatAreNotUtf8DoNotFail) {
  EXPECT_EQ(Json::text("\xff").dump(), "\"\xEF\xBF\xBD\"");
}

}  // namespace
}  // namespace zc::codec
