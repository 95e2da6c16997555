// zccache analyze: what a journal says of a build. It reads the file alone, so it needs no daemon
// and works on journals of other machines.

#include <optional>
#include <string>
#include <string_view>

#include "base/path.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/journal_analysis.h"
#include "cli/request.h"
#include "codec/json.h"
#include "os/file.h"
#include "os/self.h"

namespace zc::cli {

namespace {

using codec::Json;

// A journal of a session grows as long as the session.
constexpr std::uint64_t kJournalBytesMax = std::uint64_t{1} << 30;

struct AnalyzeWords {
  std::string path;
  bool as_json = false;
  AnalysisWish wish;
};

// As in the spec, what is no known order is the first of them.
CrateOrder order_of(std::string_view text) {
  return text == "misses" ? CrateOrder::kMisses
         : text == "hits" ? CrateOrder::kHits
                          : CrateOrder::kWallClock;
}

// False: it is no such option, or the value makes no sense.
bool read_analyze_value(std::string_view word, std::string_view value, AnalysisWish& out) {
  if (word == "--session") {
    out.session = value;
  } else if (word == "--crate") {
    out.crate = value;
  } else if (word == "--outcome") {
    out.outcome = value;
    return is_known_outcome(value);
  } else if (word == "--sort") {
    out.order = order_of(value);
  } else if (word == "--top") {
    const auto rows = parse_u64(value);
    out.rows_max = rows.value_or(0);
    return rows.has_value();
  } else {
    return false;
  }
  return true;
}

// Nothing: there is a mistake, and that has been printed.
std::optional<AnalyzeWords> read_analyze_words(Args args) {
  AnalyzeWords out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view word = args[i];
    if (word == "--json") {
      out.as_json = true;
    } else if (!word.starts_with('-') && out.path.empty()) {
      out.path = word;
    } else if (i + 1 < args.size() && read_analyze_value(word, args[i + 1], out.wish)) {
      ++i;
    } else {
      (void)bad_argument("analyze", word);
      return std::nullopt;
    }
  }
  if (out.path.empty()) {
    (void)refuse_with_usage("analyze");
    return std::nullopt;
  }
  return out;
}

int report_missing(const AnalyzeWords& words) {
  if (!words.as_json) {
    print_out("(no journal)\n");
    return kDone;
  }
  Json out = Json::object();
  out.set("status", Json::text("ok"));
  out.set("schema_version", Json::count(1));
  out.set("journal_path", Json::text(words.path));
  out.set("line_count", Json::count(0));
  out.set("note", Json::text("(no journal)"));
  print_out(out.dump() + '\n');
  return kDone;
}

int refuse(const AnalyzeWords& words, const std::string& error) {
  constexpr std::string_view kExpected =
      "a journal: a line of JSON for each command, as session-start --journal writes it";
  if (words.as_json) {
    Json out = Json::object();
    out.set("status", Json::text("error"));
    out.set("journal_path", Json::text(words.path));
    out.set("error", Json::text(error));
    out.set("expected_input", Json::text(kExpected));
    print_out(out.dump() + '\n');
  } else {
    print_note(str_cat("zccache analyze: ", words.path, ": ", error, "; expected ", kExpected));
  }
  return kFailed;
}

}  // namespace

int analyze(const lifecycle::Caller&, Args args) {
  const std::optional<AnalyzeWords> words = read_analyze_words(args);
  if (!words) {
    return kUsageError;
  }
  const Result<std::string> text = os::read_path(words->path, kJournalBytesMax);
  if (!text) {
    return text.error().code == Code::kNotFound ? report_missing(*words)
                                                : refuse(*words, text.error().message);
  }
  const Analysis analysis = analyze_journal(*text, words->wish);
  if (const auto problem = not_a_journal(*text, analysis)) {
    return refuse(*words, *problem);
  }
  if (analysis.malformed > 0) {
    print_note(
        str_cat("zccache analyze: passed over lines that are no entries: ", analysis.malformed));
  }
  print_out(words->as_json ? to_json(analysis, words->wish, words->path).dump() + '\n'
                           : to_text(analysis, words->wish));
  return kDone;
}

}  // namespace zc::cli
