// A number on the wire that the document gets wrong misleads whoever writes the other side.
#include <map>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tidy/source_tree.h"

namespace zc::tidy {
namespace {

using Numbers = std::map<std::string, int>;

Numbers collect(const std::string& text, const std::regex& row, std::size_t name,
                std::size_t number) {
  Numbers out;
  for (std::sregex_iterator it(text.begin(), text.end(), row), end; it != end; ++it) {
    out[(*it)[name]] = std::stoi((*it)[number]);
  }
  return out;
}

TEST(Formats, TheWireIsAsDocumented) {
  const std::regex enumerator("\n {2}(k[A-Za-z]+) = ([0-9]+),");
  Numbers code = collect(read_text("src/wire/frame.h"), enumerator, 1, 2);
  code.merge(collect(read_text("src/wire/message.cc"), enumerator, 1, 2));
  ASSERT_GT(code.size(), 40U);
  const std::regex row("\n\\| ([0-9]+) \\| `(k[A-Za-z]+)` \\|");
  EXPECT_EQ(collect(read_text("docs/formats/wire.md"), row, 2, 1), code);
}

}  // namespace
}  // namespace zc::tidy
