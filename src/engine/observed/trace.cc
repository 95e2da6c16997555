#include "engine/observed/trace.h"

#include <algorithm>
#include <cerrno>
#include <unordered_map>

#include "base/path.h"
#include "base/str.h"
#include "wire/observation.h"

namespace zc::engine {

namespace {

using wire::ObservedEvent;

bool is_missing(int error) {
  return error == ENOENT || error == ENOTDIR;
}

// The path exists: mkdir reports that by EEXIST, and readlink reports by EINVAL that it is no
// symlink.
bool is_there(int error) {
  return error == 0 || error == EEXIST || error == EINVAL;
}

// Milliseconds, rounded down, so it is never later than the event.
std::int64_t time_of(const ObservedEvent& record) {
  return static_cast<std::int64_t>(record.time_ms) * 1'000'000;
}

// Takes the events in their order in the channel and keeps what the run has made by then: a path
// that the run made before it looked there is no input, and one that it looked at first is.
class Reader {
 public:
  Reader(const OwnPaths& own, const os::FileSystem& fs) : own_(own), fs_(fs) {}

  void read(ObservedEvent record) {
    record.bytes = plain(record.bytes);
    if (!read_process(record) && !read_question(record) && !read_close_look(record)) {
      read_path(record);
    }
    // rustc takes the time to name the directory of its own state, right after an access to it. So
    // the one query of the time that follows such an event in the same process is rustc's own.
    after_state_[record.pid] = is_about_state(record);
  }

  Trace finish();

 private:
  // What the run has made, and whether it is still there.
  struct Made {
    std::string_view path;
    bool is_there = true;
  };
  struct Start {
    std::uint32_t pid = 0;
    std::string_view program;
  };

  bool read_process(const ObservedEvent& record);
  bool read_question(const ObservedEvent& record);
  bool read_close_look(const ObservedEvent& record);
  void look_closely(MetadataQuery::At at, const ObservedEvent& record);
  Query query(const ObservedEvent& record) const;
  void read_path(const ObservedEvent& record);

  void program_began(const ObservedEvent& record);
  void object_loaded(const ObservedEvent& record);
  void about_to_start(const ObservedEvent& record);
  void did_not_start(const ObservedEvent& record);
  void make(const ObservedEvent& record);
  void remove(const ObservedEvent& record);
  void look(const ObservedEvent& record);

  PathAccess& sighting(const ObservedEvent& record);
  void open(const ObservedEvent& record);
  void open_late(const ObservedEvent& record);
  void check_libraries();
  bool is_own(std::string_view path) const;
  std::string_view plain(std::string_view path);
  std::string_view real(std::string_view path);
  std::string_view keep(std::string text) { return trace_.texts.emplace_back(std::move(text)); }
  bool is_about_state(const ObservedEvent& record) const {
    return std::string_view("RWMUST").contains(record.kind) &&
           own_.kind_of(record.bytes) == OwnPaths::Kind::kState;
  }
  std::size_t program_of(std::uint32_t pid) const {
    const auto it = program_of_.find(pid);
    return it == program_of_.end() ? 0 : it->second;
  }
  void reject(std::string_view why) {
    if (trace_.rejection.empty()) {
      trace_.rejection = why;
    }
  }

  const OwnPaths& own_;
  const os::FileSystem& fs_;
  Trace trace_;
  std::unordered_map<std::string_view, std::size_t> by_path_;
  std::vector<Made> made_;
  std::unordered_map<std::string_view, std::size_t> made_by_path_;  // by both of its paths
  std::vector<std::string> made_directories_;                       // with a slash at the end
  std::unordered_map<std::uint32_t, std::size_t> program_of_;
  std::unordered_map<std::uint32_t, bool> after_state_;
  std::vector<Start> starts_;
  std::vector<std::string_view> libraries_;  // names that were to be loaded
  bool output_began_ = false;
};

// With ".." a path may lead out of a directory that the run made.
bool Reader::is_own(std::string_view path) const {
  return own_.kind_of(path) != OwnPaths::Kind::kStranger || made_by_path_.contains(path) ||
         std::ranges::any_of(made_directories_, [&](const std::string& directory) {
           return path.starts_with(directory) && !has_dotdot(path.substr(directory.size()));
         });
}

std::string_view Reader::plain(std::string_view path) {
  if (!path.contains("/.") && !path.contains("//")) {
    return path;
  }
  return keep(without_dots(path));
}

// The same by the directory's path without symlinks; directories may be gone by now.
std::string_view Reader::real(std::string_view path) {
  std::string_view directory = dir_name(path);
  while (directory != "/" && directory != ".") {
    if (const Result<std::string> found = fs_.real_path(std::string(directory))) {
      return *found == directory ? path : keep(*found + std::string(path.substr(directory.size())));
    }
    directory = dir_name(directory);
  }
  return path;
}

PathAccess& Reader::sighting(const ObservedEvent& record) {
  const auto [it, is_new] = by_path_.try_emplace(record.bytes, trace_.accesses.size());
  if (is_new) {
    PathAccess& seen = trace_.accesses.emplace_back();
    seen.path = record.bytes;
    seen.seen_ns = time_of(record);
  }
  return trace_.accesses[it->second];
}

void Reader::open(const ObservedEvent& record) {
  PathAccess& seen = sighting(record);
  if (!seen.opened) {
    seen.opened = true;
    seen.opened_ns = time_of(record);
  }
}

// --- programs

// The event of a program or object comes when the loader has long opened it, so its time is too
// late for a comparison.
void Reader::open_late(const ObservedEvent& record) {
  const bool is_new = !by_path_.contains(record.bytes);
  open(record);
  sighting(record).told_late |= is_new;
}

void Reader::program_began(const ObservedEvent& record) {
  program_of_[record.pid] = trace_.programs.size();
  trace_.programs.push_back({.path = record.bytes, .objects = {}});
  open_late(record);
}

void Reader::object_loaded(const ObservedEvent& record) {
  if (trace_.programs.empty()) {
    return reject("a program without a beginning");
  }
  trace_.programs[program_of(record.pid)].objects.push_back(record.bytes);
  if (!is_own(record.bytes)) {
    open_late(record);
  }
}

void Reader::about_to_start(const ObservedEvent& record) {
  starts_.push_back({.pid = record.pid, .program = record.bytes});
  if (!record.bytes.contains('/')) {
    trace_.names.push_back(record.bytes);
  } else if (!is_own(record.bytes)) {
    sighting(record).tried = true;
  }
}

// A posix_spawn that fails has this event only; all other calls have one before the attempt as
// well.
void Reader::did_not_start(const ObservedEvent& record) {
  const auto it = std::ranges::find_if(starts_, [&](const Start& start) {
    return start.pid == record.pid && start.program == record.bytes;
  });
  if (it != starts_.end()) {
    starts_.erase(it);
    return;
  }
  about_to_start(record);
  starts_.pop_back();
}

bool Reader::read_process(const ObservedEvent& record) {
  switch (record.kind) {
    case 'H':
      program_began(record);
      return true;
    case 'L':
      object_loaded(record);
      return true;
    case 'D':
      if (!record.bytes.contains('/')) {
        libraries_.push_back(record.bytes);
      } else if (!is_own(record.bytes)) {
        sighting(record).tried = true;
      }
      return true;
    case 'X':
    case 'P':
      about_to_start(record);
      return true;
    case 'Y':
      did_not_start(record);
      return true;
    default:
      return false;
  }
}

// --- queries

Query Reader::query(const ObservedEvent& record) const {
  const std::size_t program = program_of(record.pid);
  return {.about = record.bytes,
          .program = program,
          .objects = trace_.programs.empty() ? 0 : trace_.programs[program].objects.size(),
          .is_forked = !program_of_.contains(record.pid),
          .before_output = !output_began_,
          .by_late_code = std::string_view("ABFV").contains(record.kind)};
}

bool Reader::read_question(const ObservedEvent& record) {
  switch (record.kind) {
    case 'E':
    case 'V':
      trace_.variables.push_back(query(record));
      return true;
    case 'C':
      if (!after_state_[record.pid]) {
        trace_.times.push_back(query(record));
      }
      return true;
    case 'K':
      trace_.machine.push_back(query(record));
      return true;
    case 'N':
      reject(str_cat("a connection: ", record.bytes));
      return true;
    case '!':
      reject(str_cat("something that cannot be told: ", record.bytes));
      return true;
    default:
      return false;
  }
}

// --- paths: looked at, made and removed

// Queries of late code have kinds of their own: A, B and F. Those of a program itself are S, which
// may be about metadata or about where the path leads and counts as both, and T.
bool Reader::read_close_look(const ObservedEvent& record) {
  switch (record.kind) {
    case 'A':
      look_closely(MetadataQuery::At::kMetadata, record);
      return true;
    case 'B':
      look_closely(MetadataQuery::At::kRealPath, record);
      return true;
    case 'F':
      look_closely(MetadataQuery::At::kListing, record);
      return true;
    case 'S':
      look_closely(MetadataQuery::At::kMetadata, record);
      look_closely(MetadataQuery::At::kRealPath, record);
      return false;
    case 'T':
      look_closely(MetadataQuery::At::kListing, record);
      return false;
    default:
      return false;
  }
}

// `old_outputs`: late code that looks at an output before the run has written any sees one of an
// earlier run, which the next request may not have.
void Reader::look_closely(MetadataQuery::At at, const ObservedEvent& record) {
  if (record.error == 0 && !is_own(record.bytes)) {
    trace_.metadata_queries.push_back({.at = at, .query = query(record)});
  } else if (record.error == 0 && record.kind == 'A' && !output_began_ &&
             own_.kind_of(record.bytes) == OwnPaths::Kind::kOutput) {
    trace_.old_outputs.push_back(query(record));
  }
}

void Reader::look(const ObservedEvent& record) {
  if (record.kind == 'R' && record.error == 0 && !output_began_ &&
      own_.kind_of(record.bytes) == OwnPaths::Kind::kOutput) {
    trace_.old_outputs.push_back(query(record));
  }
  if (is_own(record.bytes)) {
    return;
  }
  PathAccess& seen = sighting(record);
  if (is_missing(record.error)) {
    seen.missing = true;
  } else if (!is_there(record.error)) {
    seen.refused = true;
  } else if (record.error == 0 && record.kind == 'R') {
    open(record);
  } else if (record.error == 0 && record.kind == 'T') {
    seen.listed = true;
  } else {
    seen.looked_at = true;
  }
}

// An attempt that failed has only looked. What is made is known by two paths, as spelled and
// without symlinks, since a later event may spell it in either way. All that is below a directory
// that the run made is its own.
void Reader::make(const ObservedEvent& record) {
  const OwnPaths::Kind kind = own_.kind_of(record.bytes);
  if (record.error != 0) {
    look(record);
  } else if (kind == OwnPaths::Kind::kOutput) {
    output_began_ = true;
  } else if (kind == OwnPaths::Kind::kStranger) {
    if (const auto it = made_by_path_.find(record.bytes); it != made_by_path_.end()) {
      made_[it->second].is_there = true;
      return;
    }
    for (const std::string_view path : {record.bytes, real(record.bytes)}) {
      made_by_path_.insert_or_assign(path, made_.size());
      if (record.kind == 'M') {
        made_directories_.push_back(str_cat(path, '/'));
      }
    }
    made_.push_back({.path = record.bytes});
  }
}

void Reader::remove(const ObservedEvent& record) {
  if (record.error != 0) {
    return look(record);
  }
  if (!is_own(record.bytes)) {
    trace_.taken.push_back(record.bytes);
    return;
  }
  if (const auto it = made_by_path_.find(record.bytes); it != made_by_path_.end()) {
    made_[it->second].is_there = false;
  }
}

void Reader::read_path(const ObservedEvent& record) {
  switch (record.kind) {
    case 'W':
    case 'M':
      return make(record);
    case 'U':
      return remove(record);
    default:
      return look(record);
  }
}

// Where a library was looked for in vain by its name, only the loader knows.
void Reader::check_libraries() {
  for (const std::string_view name : libraries_) {
    const bool was_found = std::ranges::any_of(trace_.programs, [&](const TracedProgram& program) {
      return std::ranges::find(program.objects, name, base_name) != program.objects.end();
    });
    if (!was_found) {
      reject(str_cat("a library that was not found: ", name));
    }
  }
}

Trace Reader::finish() {
  check_libraries();
  for (const Made& made : made_) {
    if (made.is_there) {
      trace_.left.push_back(made.path);
    }
  }
  for (const Start& start : starts_) {
    trace_.started.push_back(start.program);
  }
  // A program that the observer could not follow was started, but has no beginning.
  if (trace_.programs.size() != 1 + starts_.size()) {
    reject(trace_.programs.empty() ? "it could not be observed"
                                   : "a program that was not observed");
  }
  return std::move(trace_);
}

}  // namespace

std::optional<Trace> read_trace(std::string_view text, const OwnPaths& own,
                                const os::FileSystem& fs) {
  const auto records = wire::decode_observation(text);
  if (!records) {
    return std::nullopt;
  }
  Reader reader(own, fs);
  for (const ObservedEvent& record : *records) {
    reader.read(record);
  }
  return reader.finish();
}

}  // namespace zc::engine
