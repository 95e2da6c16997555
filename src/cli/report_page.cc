#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/str.h"
#include "cli/format.h"
#include "cli/page_template.h"
#include "cli/report.h"
#include "cli/report_words.h"
#include "codec/digest.h"
#include "codec/json.h"
#include "compiler/reason.h"
#include "embedded/report_pages.h"
#include "history/build_comparison.h"

namespace zc::cli {

namespace {

using codec::Json;
using history::Build;
using history::BuildComparison;
using history::CommandRecord;

// Rows of tables that would repeat the table of all commands.
constexpr std::size_t kPageRowsMax = 30;

class Page {
 public:
  explicit Page(const Report& report) : report_(report), build_(report.build) {
    for (std::size_t i = 0; i < build_.commands.size(); ++i) {
      row_of_[&build_.commands[i]] = i;
    }
  }

  std::string fill() {
    put_head();
    put_failures();
    put_misses();
    put_causes();
    put_reasons();
    put_larger_caches();
    put_comparison();
    put_path();
    put_all();
    return fill_page(embedded::report_pages[0].text, values_);
  }

 private:
  static void put_list(PageValues& values, const std::string& name, std::vector<PageValues> list) {
    values.texts["has_" + name] = list.empty() ? "" : "yes";
    values.lists[name] = std::move(list);
  }
  // With a note of how many were left out.
  void put_first(const std::string& name, std::vector<PageValues> list, std::size_t all) {
    values_.texts["more_" + name] = all > list.size() ? str_cat(all - list.size()) : "";
    put_list(values_, name, std::move(list));
  }

  PageValues row_of(const CommandRecord& record) const {
    PageValues out;
    const Shown shown = shown_of(record);
    constexpr std::string_view kLetters = "HMNF";
    constexpr std::array<std::string_view, 4> kClasses = {"hit", "miss", "none", "failed"};
    const auto at = static_cast<std::size_t>(shown);
    const auto row = row_of_.find(&record);
    out.texts["row"] = row == row_of_.end() ? "" : str_cat(row->second);
    out.texts["what"] = name_of(record, place_);
    out.texts["began"] =
        duration_of(static_cast<std::uint64_t>(record.start_ns - build_.begin_ns()));
    out.texts["took"] = duration_of(duration_ns(record));
    out.texts["letter"] = kLetters.substr(at, 1);
    out.texts["class"] = kClasses.at(at);
    out.texts["answer"] = text_of(shown);
    out.texts["why"] = cause_of(record);
    return out;
  }

  void put_head() {
    place_ = place_of(build_);
    values_.texts["place"] = place_;
    values_.texts["title"] = str_cat("Build in ", place_);
    values_.texts["span"] = span_of(build_);
    values_.texts["session"] = build_.session_id;
    values_.texts["version"] = report_.version;
    std::vector<PageValues> figures;
    for (const Figure& figure : figures_of(build_)) {
      figures.push_back(
          {.texts = {{"name", figure.name}, {"value", figure.value}, {"note", figure.note}},
           .lists = {}});
    }
    values_.lists["figures"] = std::move(figures);
  }

  void put_failures() {
    const std::vector<std::size_t> failed = failures(build_);
    std::vector<PageValues> rows;
    for (std::size_t i = 0; i < std::min(failed.size(), kPageRowsMax); ++i) {
      const CommandRecord& record = build_.commands[failed[i]];
      rows.push_back(row_of(record));
      rows.back().texts["result"] = failure_text(record);
    }
    put_first("failures", std::move(rows), failed.size());
  }

  void put_misses() {
    const std::vector<std::size_t> misses = dearest_misses(build_);
    std::vector<PageValues> rows;
    for (const std::size_t i : misses) {
      if (rows.size() == kPageRowsMax) {
        break;
      }
      const CommandRecord& record = build_.commands[i];
      PageValues row = row_of(record);
      row.texts["took"] = duration_of(record.compiler_ns);
      row.texts["compared"] = compared_text(record);
      std::vector<PageValues> changes;
      if (record.why) {
        for (const history::Change& change : record.why->changes) {
          changes.push_back({.texts = {{"text", history::text_of(change)}}, .lists = {}});
        }
      }
      put_list(row, "changes", std::move(changes));
      rows.push_back(std::move(row));
    }
    put_first("misses", std::move(rows), misses.size());
  }

  PageValues row_of(const history::Cause& cause) const {
    PageValues out;
    out.texts["took"] = duration_of(cause.ns);
    out.texts["commands"] = str_cat(cause.commands);
    std::vector<PageValues> about;
    for (const std::string& path : cause.about) {
      about.push_back({.texts = {{"text", path}}, .lists = {}});
    }
    out.lists["about"] = std::move(about);
    return out;
  }

  void put_causes() {
    const std::vector<history::Cause> causes = causes_of_misses(build_.commands);
    std::vector<PageValues> rows;
    for (std::size_t i = 0; i < std::min(causes.size(), kPageRowsMax); ++i) {
      rows.push_back(row_of(causes[i]));
      rows.back().texts["text"] = causes[i].text;
    }
    put_first("causes", std::move(rows), causes.size());
  }

  void put_reasons() {
    std::vector<PageValues> rows;
    for (const history::Cause& cause : reasons_of(build_.commands)) {
      PageValues row = row_of(cause);
      row.texts["id"] = cause.text;
      const auto reason = compiler::find_reason(cause.text);
      row.texts["text"] = reason ? std::string(reason->text) : std::string();
      rows.push_back(std::move(row));
    }
    put_list(values_, "reasons", std::move(rows));
  }

  void put_larger_caches() {
    std::vector<PageValues> rows;
    for (const Figure& room : larger_caches(build_)) {
      rows.push_back({.texts = {{"room", room.name}, {"worth", room.value}}, .lists = {}});
    }
    put_list(values_, "rooms", std::move(rows));
  }

  void put_commands(PageValues& out, const std::string& name,
                    const std::vector<const CommandRecord*>& commands) const {
    std::vector<PageValues> rows;
    for (const CommandRecord* record : commands) {
      rows.push_back(row_of(*record));
    }
    out.texts[name + "_count"] = str_cat(commands.size());
    put_list(out, name, std::move(rows));
  }

  void put_comparison() {
    values_.lists["comparison"] = {};
    if (!report_.before) {
      return;
    }
    const Build& before = *report_.before;
    const BuildComparison comparison = compare(before, build_);
    const auto now_of = [](const std::vector<history::CommandPair>& pairs) {
      std::vector<const CommandRecord*> out;
      for (const auto& [then, now] : pairs) {
        out.push_back(now);
      }
      return out;
    };
    PageValues out;
    out.texts["before_span"] = span_of(before);
    std::map<std::string, std::string> befores;
    for (const Figure& figure : figures_of(before)) {
      befores[figure.name] = figure.value;
    }
    std::vector<PageValues> rows;
    for (const Figure& figure : figures_of(build_)) {
      rows.push_back({.texts = {{"name", figure.name},
                                {"before", befores[figure.name]},
                                {"now", figure.value}},
                      .lists = {}});
    }
    out.lists["rows"] = std::move(rows);
    put_commands(out, "worse", now_of(comparison.worse));
    out.texts["few_worse"] = comparison.worse.size() > kPageRowsMax ? "" : "yes";
    put_commands(out, "better", now_of(comparison.better));
    put_commands(out, "new", comparison.added);
    put_commands(out, "gone", comparison.gone);
    values_.lists["comparison"].push_back(std::move(out));
  }

  void put_path() {
    path_ = critical_path(build_);
    std::vector<PageValues> rows;
    for (const std::size_t i : path_) {
      rows.push_back(row_of(build_.commands[i]));
    }
    values_.texts["path_took"] = duration_of(path_ns(build_, path_));
    values_.texts["path_count"] = counted(path_.size(), "command");
    values_.texts["duration"] =
        duration_of(static_cast<std::uint64_t>(build_.end_ns() - build_.begin_ns()));
    values_.lists["path"] = std::move(rows);
  }

  void put_all() {
    const std::vector<std::size_t> lanes = lanes_of(build_);
    const std::set<std::size_t> path(path_.begin(), path_.end());
    constexpr double kNsPerMs = 1e6;
    Json commands = Json::array();
    std::vector<PageValues> rows;
    for (std::size_t i = 0; i < build_.commands.size(); ++i) {
      const CommandRecord& record = build_.commands[i];
      Json command = Json::array();
      const auto offset = static_cast<double>(record.start_ns - build_.begin_ns());
      command.append(Json::number(offset / kNsPerMs));
      command.append(Json::number(static_cast<double>(duration_ns(record)) / kNsPerMs));
      command.append(Json::count(lanes[i]));
      command.append(Json::count(static_cast<std::uint64_t>(shown_of(record))));
      command.append(Json::count(path.contains(i) ? 1 : 0));
      commands.append(std::move(command));
      rows.push_back(row_of(record));
    }
    Json data = Json::object();
    data.set("duration",
             Json::number(static_cast<double>(build_.end_ns() - build_.begin_ns()) / kNsPerMs));
    data.set("commands", std::move(commands));
    values_.texts["data"] = json_in_html(data.dump_line());
    values_.texts["nonce"] = codec::digest_of(values_.texts["data"]).hex();
    values_.lists["all"] = std::move(rows);
  }

  const Report& report_;
  const Build& build_;
  std::map<const CommandRecord*, std::size_t> row_of_;
  std::string place_;
  std::vector<std::size_t> path_;
  PageValues values_;
};

}  // namespace

std::string report_page(const Report& report) {
  return Page(report).fill();
}

}  // namespace zc::cli
