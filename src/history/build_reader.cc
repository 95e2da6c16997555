#include "history/build_reader.h"

#include <algorithm>
#include <utility>

#include "base/str.h"
#include "history/build_comparison.h"
#include "history/journal_reader.h"

namespace zc::history {

namespace {

// How far back build_before looks; builds of many projects may lie between. Mostly it is the last
// but one, so it does not read as many at once.
constexpr std::size_t kBuildsBeforeMin = 3;
constexpr std::size_t kBuildsBeforeMax = 24;

std::optional<Build> build_of(std::vector<CommandRecord> commands) {
  if (commands.empty()) {
    return std::nullopt;
  }
  put_in_order(commands);
  return Build{.session_id = {}, .commands = std::move(commands)};
}

// Of sessions, there may be more commands.
std::vector<Build> newest_builds(const std::string& directory, std::size_t count,
                                 const OnRecord& on_record) {
  BuildGatherer gatherer(count);
  read_backwards(directory, {}, [&](const CommandRecord& record) {
    on_record();
    return gatherer.add(record);
  });
  return gatherer.take();
}

Build completed(const std::string& directory, const Build& build, const OnRecord& on_record) {
  return build.session_id.empty()
             ? build
             : build_of_session(directory, build.session_id, on_record).value_or(build);
}

}  // namespace

std::vector<Build> last_builds(const std::string& directory, std::size_t count,
                               const OnRecord& on_record) {
  std::vector<Build> out;
  for (const Build& build : newest_builds(directory, count, on_record)) {
    out.push_back(completed(directory, build, on_record));
  }
  return out;
}

std::optional<Build> build_of_session(const std::string& directory, const std::string& session_id,
                                      const OnRecord& on_record) {
  std::vector<CommandRecord> commands;
  read_backwards(directory, json_escape(session_id), [&](const CommandRecord& record) {
    on_record();
    if (record.session_id == session_id) {
      commands.push_back(record);
    }
    return true;
  });
  std::optional<Build> out = build_of(std::move(commands));
  if (out) {
    out->session_id = session_id;
  }
  return out;
}

std::optional<Build> commands_since(const std::string& directory, std::int64_t since_ns,
                                    const OnRecord& on_record) {
  std::vector<CommandRecord> commands;
  // Lines stand in the order in which commands ended, so all before one that ended earlier than
  // that also began earlier; a batch of the journal is in no order.
  read_backwards(directory, {}, [&](const CommandRecord& record) {
    on_record();
    if (record.start_ns >= since_ns) {
      commands.push_back(record);
    }
    return end_ns(record) >= since_ns - BuildGatherer::kPauseNs;
  });
  return build_of(std::move(commands));
}

Result<Build> build_in_file(const std::string& path, const OnRecord& on_record) {
  std::vector<CommandRecord> commands;
  TRY(read_file_backwards(path, {}, [&](const CommandRecord& record) {
    on_record();
    commands.push_back(record);
    return true;
  }));
  std::optional<Build> out = build_of(std::move(commands));
  if (!out) {
    return fail(Code::kCorrupt, str_cat("there is no record of a command in ", path));
  }
  return *std::move(out);
}

std::optional<Build> build_before(const std::string& directory, const Build& build,
                                  const OnRecord& on_record) {
  const auto is_before = [&](const Build& other) {
    return other.begin_ns() < build.begin_ns() &&
           (build.session_id.empty() || other.session_id != build.session_id) &&
           have_something_in_common(other, build);
  };
  for (std::size_t count = kBuildsBeforeMin; count <= kBuildsBeforeMax; count *= 2) {
    const std::vector<Build> builds = newest_builds(directory, count, on_record);
    const auto found = std::ranges::find_if(builds, is_before);
    if (found != builds.end()) {
      return completed(directory, *found, on_record);
    }
    if (builds.size() < count) {
      break;
    }
  }
  return std::nullopt;
}

}  // namespace zc::history
