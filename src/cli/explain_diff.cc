#include "cli/explain_diff.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/str.h"
#include "cli/format.h"
#include "cli/journal_request.h"
#include "cli/option_words.h"
#include "cli/per_mille.h"
#include "cli/progress.h"
#include "cli/report_words.h"
#include "cli/request.h"
#include "codec/json.h"
#include "history/build_comparison.h"
#include "history/build_reader.h"

namespace zc::cli {

namespace {

using codec::Json;
using history::Build;
using history::BuildComparison;
using history::CommandRecord;
using history::Tally;

struct WantedDiff {
  bool as_json = false;
  std::optional<std::uint64_t> fail_under;        // per mille
  std::vector<std::string> names = {"@2", "@1"};  // of two builds
};

struct Diff {
  Build before;
  Build after;
  BuildComparison comparison;
};

int refuse_diff(std::string_view message) {
  print_note(str_cat("zccache explain --diff: ", message));
  return kUsageError;
}

// Nothing: there is a mistake, and that has been printed.
std::optional<WantedDiff> wanted_diff(Args args) {
  WantedDiff out;
  std::vector<std::string> names;
  for (OptionWords words(args); words.next();) {
    if (words.is("--json")) {
      out.as_json = true;
    } else if (const auto rate = words.value_of("--fail-under")) {
      out.fail_under = per_mille(*rate);
      if (!out.fail_under) {
        (void)refuse_diff(str_cat("'", *rate, "' is no rate; say 95% or 92.5%"));
        return std::nullopt;
      }
    } else if (!words.word().starts_with('-')) {
      names.emplace_back(words.word());
    } else if (!words.is("--diff")) {
      (void)bad_argument("explain", words.word());
      return std::nullopt;
    }
  }
  if (names.size() == 2) {
    out.names = std::move(names);
  } else if (!names.empty()) {
    (void)refuse_diff("it compares two builds: name both, or none for the last two");
    return std::nullopt;
  }
  return out;
}

// "@1" is the last build; otherwise a file with a journal in it, or a session.
std::optional<Build> find_named(const std::string& logs, const std::string& name,
                                const history::OnRecord& on_record) {
  constexpr std::uint64_t kNumberMax = 1000;
  const auto number =
      name.starts_with('@') ? parse_u64(std::string_view(name).substr(1)) : std::nullopt;
  if (number && *number >= 1 && *number <= kNumberMax) {
    std::vector<Build> builds = history::last_builds(logs, *number, on_record);
    return builds.size() == *number ? std::optional(std::move(builds.back())) : std::nullopt;
  }
  std::error_code error;
  if (std::filesystem::is_regular_file(name, error)) {
    auto build = history::build_in_file(name, on_record);
    return build ? std::optional(*std::move(build)) : std::nullopt;
  }
  return history::build_of_session(logs, name, on_record);
}

// Nothing: there is no such build, and that has been printed.
std::optional<Build> find_or_refuse(const std::string& logs, const std::string& name) {
  std::optional<Build> out;
  {
    Progress progress("reading the journal", "commands");
    out = find_named(logs, name, [&] { progress.count(); });
  }
  if (!out) {
    (void)refuse_diff(str_cat("no build '", name,
                              "' is known: it is neither a session nor a file, "
                              "nor one of the last builds (@1, @2, …)"));
  }
  return out;
}

std::string rate_text(const Tally& tally) {
  return format_rate(tally.hits, tally.hits + tally.misses);
}

// Without a lookup there is no rate, and so none that is high enough.
bool is_under(const Tally& tally, std::optional<std::uint64_t> fail_under) {
  constexpr std::uint64_t kWhole = 1000;
  const std::uint64_t lookups = tally.hits + tally.misses;
  return fail_under && (lookups == 0 || tally.hits * kWhole < *fail_under * lookups);
}

Json rate_json(double rate) {
  return rate < 0 ? Json() : Json::number(rate);
}

Json build_json(std::string_view name, const Build& build) {
  const Tally tally = tally_of(build.commands);
  Json out = Json::object();
  out.set("name", Json::text(name));
  out.set("session_id", build.session_id.empty() ? Json() : Json::text(build.session_id));
  out.set("start_ns", Json::count(static_cast<std::uint64_t>(build.begin_ns())));
  out.set("commands", Json::count(tally.compilations));
  out.set("hits", Json::count(tally.served()));
  out.set("misses", Json::count(tally.kept()));
  out.set("not_cached", Json::count(tally.not_kept()));
  out.set("hit_rate", rate_json(tally.direct_rate()));
  out.set("link_hit_rate", rate_json(tally.link_rate()));
  out.set("overall_hit_rate", rate_json(tally.overall_rate()));
  return out;
}

Json command_json(const CommandRecord& record) {
  Json out = Json::object();
  out.set("subject", Json::text(subject_of(record)));
  out.set("outcome", Json::text(history::text_of(record.outcome)));
  out.set("compiler_ns", Json::count(record.compiler_ns));
  if (const std::string why = cause_of(record); !why.empty()) {
    out.set("why", Json::text(why));
  }
  return out;
}

template <class Commands>
Json commands_json(const Commands& commands) {
  Json out = Json::array();
  for (const CommandRecord* record : commands) {
    out.append(command_json(*record));
  }
  return out;
}

std::vector<const CommandRecord*> of_after(const std::vector<history::CommandPair>& pairs) {
  std::vector<const CommandRecord*> out;
  for (const auto& [before, after] : pairs) {
    out.push_back(after);
  }
  return out;
}

void print_diff_json(const WantedDiff& wanted, const Diff& diff, bool passed) {
  Json out = Json::object();
  out.set("schema_version", Json::count(1));
  out.set("before", build_json(wanted.names[0], diff.before));
  out.set("after", build_json(wanted.names[1], diff.after));
  out.set("worse", commands_json(of_after(diff.comparison.worse)));
  out.set("better", commands_json(of_after(diff.comparison.better)));
  out.set("new", commands_json(diff.comparison.added));
  out.set("gone", commands_json(diff.comparison.gone));
  out.set("same", Json::count(diff.comparison.same));
  out.set("passed", Json::count(passed ? 1 : 0));
  print_out(out.dump() + '\n');
}

void print_listed(std::string_view what, const std::vector<const CommandRecord*>& commands,
                  std::string_view place) {
  constexpr std::size_t kListedMax = 10;
  if (commands.empty()) {
    return;
  }
  std::string out = str_cat('\n', what, " (", commands.size(), "):\n");
  for (std::size_t i = 0; i < std::min(commands.size(), kListedMax); ++i) {
    const std::string why = cause_of(*commands[i]);
    str_append(out, "    ", printable(name_of(*commands[i], place)), why.empty() ? "" : ": ",
               printable(why), '\n');
  }
  if (commands.size() > kListedMax) {
    str_append(out, "    and ", commands.size() - kListedMax, " more; --json lists them all\n");
  }
  print_out(out);
}

void print_diff_text(const WantedDiff& wanted, const Diff& diff) {
  std::string out;
  for (const auto& [name, build] :
       {std::pair(wanted.names[0], &diff.before), std::pair(wanted.names[1], &diff.after)}) {
    str_append(out, printable(name), ": ", span_of(*build), ", hit rate ",
               rate_text(tally_of(build->commands)), '\n');
  }
  print_out(out);
  const std::string place = place_of(diff.after);
  print_listed("hits then, none now", of_after(diff.comparison.worse), place);
  print_listed("hits now, none then", of_after(diff.comparison.better), place);
  print_listed("new", diff.comparison.added, place);
  print_listed("gone", diff.comparison.gone, place);
}

}  // namespace

int explain_diff(const lifecycle::Caller& caller, Args args) {
  const std::optional<WantedDiff> wanted = wanted_diff(args);
  if (!wanted) {
    return kUsageError;
  }
  request_journal(caller);
  std::optional<Build> before = find_or_refuse(caller.locations.logs(), wanted->names[0]);
  std::optional<Build> after =
      before ? find_or_refuse(caller.locations.logs(), wanted->names[1]) : std::nullopt;
  if (!after) {
    return kUsageError;
  }
  Diff diff = {.before = *std::move(before), .after = *std::move(after), .comparison = {}};
  diff.comparison = compare(diff.before, diff.after);
  const Tally tally = tally_of(diff.after.commands);
  const bool passed = !is_under(tally, wanted->fail_under);
  if (wanted->as_json) {
    print_diff_json(*wanted, diff, passed);
  } else {
    print_diff_text(*wanted, diff);
  }
  if (!passed) {
    print_note(str_cat("zccache explain --diff: the hit rate of ", wanted->names[1], ", ",
                       rate_text(tally), ", is under ", format_rate(*wanted->fail_under, 1000)));
  }
  return passed ? kDone : kFailed;
}

}  // namespace zc::cli
