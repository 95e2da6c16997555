#include <map>

#include "cli/report.h"
#include "codec/json.h"

namespace zc::cli {

namespace {

using codec::Json;
using history::CommandRecord;

bool is_of_c(const CommandRecord& record) {
  const bool is_link =
      record.outcome == history::Outcome::kLinkHit || record.outcome == history::Outcome::kLinkMiss;
  return !is_link && !record.source.empty() && !record.outputs.empty() &&
         !record.source.ends_with(".rs");
}

Json entry_of(const CommandRecord& record) {
  Json words = Json::array();
  words.append(Json::text(record.compiler));
  for (const std::string& word : record.args) {
    words.append(Json::text(word));
  }
  Json out = Json::object();
  out.set("directory", Json::text(record.cwd));
  out.set("arguments", std::move(words));
  out.set("file", Json::text(record.source));
  out.set("output", Json::text(record.outputs.front()));
  return out;
}

}  // namespace

std::string report_compile_commands(const history::Build& build) {
  std::map<std::string, const CommandRecord*> last;
  for (const CommandRecord& record : build.commands) {
    if (is_of_c(record)) {
      last[subject_of(record)] = &record;
    }
  }
  Json out = Json::array();
  for (const auto& [output, record] : last) {
    out.append(entry_of(*record));
  }
  return out.dump() + '\n';
}

}  // namespace zc::cli
