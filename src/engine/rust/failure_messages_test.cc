#include "engine/rust/failure_messages.h"

#include <string>

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::engine::rust {
namespace {

std::string diagnostic(std::string_view level, std::string_view message,
                       std::string_view spans = "", std::string_view children = "") {
  return str_cat(R"({"$message_type":"diagnostic","message":")", message,
                 R"(","code":null,"level":")", level, R"(","spans":[)", spans, R"(],"children":[)",
                 children, "],\"rendered\":\"\"}\n");
}

constexpr std::string_view kSpan = R"({"file_name":"a.rs","is_primary":true})";

std::string error() {
  return diagnostic("error", "mismatched types", kSpan);
}

TEST(RustFailureMessages, KnowsErrorsOfSources) {
  EXPECT_TRUE(are_about_sources(error()));
  EXPECT_TRUE(are_about_sources(
      str_cat(R"({"$message_type":"artifact","artifact":"a.d","emit":"dep-info"})", "\n",
              diagnostic("warning", "unused", kSpan), error(),
              diagnostic("error", "aborting due to 1 previous error; 1 warning emitted"),
              diagnostic("failure-note", "For more information about this error, try it."))));
  EXPECT_TRUE(are_about_sources(
      diagnostic("error", "couldn't read `x`: No such file or directory (os error 2)", kSpan)));
}

TEST(RustFailureMessages, TakesNothingElseForThem) {
  for (const std::string& printed : {
           std::string(),
           std::string("error: mismatched types\n"),
           error() + "text\n",
           error().substr(0, error().size() - 1),
           diagnostic("warning", "unused", kSpan),
           diagnostic("error", "aborting due to 1 previous error"),
           diagnostic("error", "linking with `cc` failed: exit status: 1"),
           diagnostic("error", "couldn't create a temp dir"),
           error() + diagnostic("error", "failed to write a.rmeta"),
           error() + diagnostic("warning", "the incremental state cannot be removed"),
           error() + diagnostic("failure-note", "the compiler unexpectedly panicked"),
           error() + diagnostic("error: internal compiler error", "no", kSpan),
           diagnostic("error", "out of memory", kSpan),
           diagnostic("error", "could not read x: Permission denied", kSpan),
           diagnostic("error", "proc macro panicked", kSpan,
                      R"({"message":"message: No space left on device","spans":[]})"),
       }) {
    EXPECT_FALSE(are_about_sources(printed)) << printed;
  }
}

}  // namespace
}  // namespace zc::engine::rust
