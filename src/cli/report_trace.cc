#include "cli/report.h"
#include "cli/report_words.h"
#include "codec/json.h"

namespace zc::cli {

namespace {

using codec::Json;
using history::CommandRecord;

constexpr double kNsPerUs = 1e3;

Json event(std::string_view phase, std::string_view name, std::uint64_t lane) {
  Json out = Json::object();
  out.set("ph", Json::text(phase));
  out.set("name", Json::text(name));
  out.set("pid", Json::count(1));
  out.set("tid", Json::count(lane + 1));
  return out;
}

Json arguments_of(const CommandRecord& record) {
  Json words = Json::array();
  for (const std::string& word : record.args) {
    words.append(Json::text(word));
  }
  Json out = Json::object();
  out.set("outcome", Json::text(history::text_of(record.outcome)));
  out.set("compiler", Json::text(record.compiler));
  out.set("arguments", std::move(words));
  out.set("directory", Json::text(record.cwd));
  if (const std::string why = cause_of(record); !why.empty()) {
    out.set("why", Json::text(why));
  }
  return out;
}

// Names that Chrome's viewer knows.
std::string_view color_of(Shown shown) {
  switch (shown) {
    case Shown::kHit:
      return "good";
    case Shown::kMiss:
      return "bad";
    case Shown::kNotCached:
      return "grey";
    case Shown::kFailure:
      break;
  }
  return "terrible";
}

}  // namespace

std::string report_trace(const history::Build& build) {
  Json events = Json::array();
  const std::vector<std::size_t> lanes = lanes_of(build);
  const std::string place = place_of(build);
  std::size_t named = 0;
  for (std::size_t i = 0; i < build.commands.size(); ++i) {
    const CommandRecord& record = build.commands[i];
    if (lanes[i] == named) {
      Json name = Json::object();
      name.set("name", Json::text("lane " + std::to_string(++named)));
      Json lane = event("M", "thread_name", lanes[i]);
      lane.set("args", std::move(name));
      events.append(std::move(lane));
    }
    Json command = event("X", name_of(record, place), lanes[i]);
    command.set("cat", Json::text(text_of(shown_of(record))));
    command.set("cname", Json::text(color_of(shown_of(record))));
    command.set("ts",
                Json::number(static_cast<double>(record.start_ns - build.begin_ns()) / kNsPerUs));
    command.set("dur", Json::number(static_cast<double>(duration_ns(record)) / kNsPerUs));
    command.set("args", arguments_of(record));
    events.append(std::move(command));
  }
  Json out = Json::object();
  out.set("displayTimeUnit", Json::text("ms"));
  out.set("traceEvents", std::move(events));
  return out.dump_line() + '\n';
}

}  // namespace zc::cli
