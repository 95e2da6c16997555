#include "engine/emscripten/package_numbers.h"

#include <string>

#include <gtest/gtest.h>

namespace zc::engine::emscripten {
namespace {

TEST(PackageNumbersTest, RandomOnesBecomeZeros) {
  EXPECT_EQ(
      without_package_numbers(R"({"a":1,"package_uuid":"23aac3bd-741a-4a25-a49b-ecbcbe32afcb"})"
                              R"( {"package_uuid": "bf58fe85-f210-46e4-96c7-5c34ea23ef86"})"),
      R"({"a":1,"package_uuid":"00000000-0000-0000-0000-000000000000"})"
      R"( {"package_uuid": "00000000-0000-0000-0000-000000000000"})");
}

TEST(PackageNumbersTest, NothingElseIsTouched) {
  for (const std::string script : {
           // Of no package.
           R"({"uuid":"23aac3bd-741a-4a25-a49b-ecbcbe32afcb"})",
           // Of the time and the machine, or of the content (versions 1 and 5).
           R"({"package_uuid":"23aac3bd-741a-1a25-a49b-ecbcbe32afcb"})",
           R"({"package_uuid":"23aac3bd-741a-5a25-a49b-ecbcbe32afcb"})",
           R"({"package_uuid":"23aac3bd-741a-4a25-c49b-ecbcbe32afcb"})",
           R"({"package_uuid":"23aac3bd-741a-4a25-a49b-ecbcbe32afcb1"})",
           R"({"package_uuid":"sha256-23aac3bd"})",
           R"({"package_uuid":"23aac3bd-741a)",
           R"({"package_uuid":)",
           R"(var a = metadata["package_uuid"];)",
           "",
       }) {
    EXPECT_EQ(without_package_numbers(script), script);
  }
}

}  // namespace
}  // namespace zc::engine::emscripten
