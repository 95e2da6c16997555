#include "engine/rust/failure_messages.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "base/str.h"
#include "codec/json.h"
#include "compiler/failure_words.h"

namespace zc::engine::rust {

namespace {

using codec::Json;

enum class Kind : std::uint8_t { kRemark, kError, kOther };

bool points_to_source(const Json& diagnostic) {
  return std::ranges::any_of(diagnostic.at("spans").elements(), [](const Json& span) {
    return !span.at("file_name").as_text().empty();
  });
}

bool says_so(const Json& message) {
  return compiler::may_be_of_machine(message.at("message").as_text());
}

// A macro that panics has its words in a child.
bool may_be_of_machine(const Json& diagnostic) {
  return says_so(diagnostic) || std::ranges::any_of(diagnostic.at("children").elements(), says_so);
}

// "aborting due to 2 previous errors; 1 warning emitted", "1 warning emitted"
bool is_count(std::string_view message) {
  return message.starts_with("aborting due to ") || message.ends_with(" warning emitted") ||
         message.ends_with(" warnings emitted");
}

// "For more information about this error, try `rustc --explain E0308`."
bool is_hint(std::string_view message) {
  return message.starts_with("For more information about ") ||
         message.starts_with("Some errors have detailed explanations: ");
}

Kind kind_of(const Json& diagnostic) {
  const std::string level = diagnostic.at("level").as_text();
  const std::string message = diagnostic.at("message").as_text();
  if (level == "failure-note") {
    return is_hint(message) ? Kind::kRemark : Kind::kOther;
  }
  if (is_count(message)) {
    return Kind::kRemark;
  }
  if (!points_to_source(diagnostic)) {
    return Kind::kOther;
  }
  if (level == "warning") {
    return Kind::kRemark;
  }
  return level == "error" && !may_be_of_machine(diagnostic) ? Kind::kError : Kind::kOther;
}

Kind kind_of_line(std::string_view line) {
  const Result<Json> message = Json::parse(line);
  if (!message || !message->is_object()) {
    return Kind::kOther;
  }
  // That an output was written; what was, shows.
  if (message->at("$message_type").as_text() == "artifact") {
    return Kind::kRemark;
  }
  return kind_of(*message);
}

}  // namespace

bool are_about_sources(std::string_view printed) {
  if (!printed.ends_with('\n')) {
    return false;
  }
  printed.remove_suffix(1);
  bool has_error = false;
  for (const std::string_view line : split(printed, '\n')) {
    const Kind kind = kind_of_line(line);
    if (kind == Kind::kOther) {
      return false;
    }
    has_error |= kind == Kind::kError;
  }
  return has_error;
}

}  // namespace zc::engine::rust
