#include "history/session_log.h"

#include <algorithm>

#include "base/path.h"
#include "base/str.h"
#include "codec/utc_text.h"

namespace zc::history {

namespace {

std::string about(const CommandRecord& record) {
  const std::string& output = record.outputs.empty() ? std::string() : record.outputs.front();
  if (record.source.empty()) {
    return output.empty() ? std::string(base_name(record.compiler)) : output;
  }
  return output.empty() ? record.source : str_cat(record.source, " -> ", output);
}

}  // namespace

std::string session_log_line(const CommandRecord& record) {
  constexpr std::uint64_t kMillisecondNs = 1'000'000;
  std::string out =
      str_cat(record.was_left_alone() ? std::string_view("not cached") : text_of(record.outcome),
              ' ', about(record), ", ", duration_ns(record) / kMillisecondNs, " ms");
  if (record.exit_code.value_or(0) != 0) {
    str_append(out, ", exit code ", *record.exit_code);
  }
  if (const std::string cause = cause_of(record); !cause.empty()) {
    str_append(out, ": ", cause);
  }
  // Names of files may contain line breaks; a line is one command.
  std::ranges::replace(out, '\n', ' ');
  return str_cat(codec::utc_text(record.start_ns), ' ', out, '\n');
}

}  // namespace zc::history
