#include "cli/explain_text.h"

#include "base/path.h"
#include "base/str.h"
#include "cli/format.h"
#include "compiler/reason.h"

namespace zc::cli {

namespace {

using history::CommandRecord;
using history::Compared;
using history::Explanation;
using history::Outcome;

constexpr std::int64_t kNsPerMs = 1'000'000;

std::string ago(std::int64_t then_ns, std::int64_t now_ns) {
  const std::int64_t ms = (now_ns - then_ns) / kNsPerMs;
  return ms < 0 ? std::string("just now")
                : str_cat(format_duration(static_cast<std::uint64_t>(ms)), " ago");
}

std::string duration(std::uint64_t ns) {
  return format_duration(ns / static_cast<std::uint64_t>(kNsPerMs));
}

std::string outcome_text(const CommandRecord& record) {
  switch (record.outcome) {
    case Outcome::kHit:
      return "hit";
    case Outcome::kLinkHit:
      return "hit (link)";
    case Outcome::kCachedError:
      return "hit (it fails)";
    case Outcome::kError:
      return str_cat("failed with exit code ", record.exit_code.value_or(-1));
    case Outcome::kMiss:
    case Outcome::kLinkMiss:
      break;
  }
  const std::string_view miss = record.outcome == Outcome::kLinkMiss ? "miss (link)" : "miss";
  return record.was_left_alone() ? std::string("not cached")
         : record.reason.empty() ? std::string(miss)
                                 : str_cat(miss, ", not kept");
}

// "unrepeatable_input a.cc: the sentence of that reason".
std::string reason_text(std::string_view id, std::string_view detail) {
  std::string out(id);
  if (!detail.empty()) {
    str_append(out, " (", detail, ')');
  }
  if (const auto text = compiler::find_reason(id)) {
    str_append(out, ": ", text->text);
  }
  return out;
}

std::string change_text(const history::Change& change, std::int64_t now_ns) {
  std::string out = text_of(change);
  if (change.changed_ns != 0) {
    str_append(out, ", written ", ago(change.changed_ns, now_ns));
  }
  return out;
}

void add_line(std::string& out, std::string_view text) {
  str_append(out, "    ", printable(text), '\n');
}

void add_why(const Explanation& why, std::int64_t now_ns, std::string& out) {
  if (why.compared == Compared::kNothing) {
    add_line(out, "nothing like it is known: it is compiled for the first time");
    return;
  }
  const std::string then = ago(why.seen_ns, now_ns);
  if (why.compared == Compared::kLast) {
    add_line(out, str_cat("since the last time, ", then, ':'));
  } else {
    add_line(out, str_cat("it is compiled for the first time; the nearest command, in ", why.place,
                          ", ", then, ", differs in this:"));
  }
  for (const history::Change& change : why.changes) {
    add_line(out, str_cat("  ", change_text(change, now_ns)));
  }
  if (why.reason == history::kEvicted) {
    add_line(out, "  its result is no longer in the cache");
  } else if (!why.reason.empty()) {
    add_line(out, str_cat("  no result was kept then: ", reason_text(why.reason, {})));
  } else if (why.changes.empty()) {
    add_line(out, "  nothing that is remembered has changed");
  }
}

void add_result(const CommandRecord& record, std::string_view origin, std::int64_t now_ns,
                std::string& out) {
  const bool is_hit = record.outcome == Outcome::kHit || record.outcome == Outcome::kLinkHit ||
                      record.outcome == Outcome::kCachedError;
  if (is_hit) {
    add_line(out, str_cat("result ", record.result, ", stored ", ago(record.stored_ns, now_ns),
                          origin.empty() ? "" : " by a command in ", origin));
    add_line(out, str_cat("saved ", duration(record.compiler_ns)));
    return;
  }
  if (record.compiler_ns != 0) {
    add_line(out, str_cat("took ", duration(record.compiler_ns),
                          record.result.empty() ? "" : "; kept as result ", record.result));
  }
}

}  // namespace

std::string headline(const CommandRecord& record, std::int64_t now_ns) {
  return str_cat(printable(subject_of(record)), ": ", outcome_text(record), ", ",
                 ago(record.start_ns, now_ns));
}

std::string explanation_text(const CommandRecord& record, std::string_view origin,
                             std::int64_t now_ns) {
  std::string words(base_name(record.compiler));
  for (const std::string& word : record.args) {
    str_append(words, ' ', word);
  }
  std::string out;
  add_line(out, str_cat(words, "   in ", record.cwd));
  if (!record.reason.empty()) {
    add_line(out, reason_text(record.reason, record.detail));
  }
  if (record.why) {
    add_why(*record.why, now_ns, out);
  }
  add_result(record, origin, now_ns, out);
  return out;
}

}  // namespace zc::cli
