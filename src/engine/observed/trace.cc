#include "engine/observed/trace.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <unordered_map>
#include <unordered_set>

#include "base/path.h"
#include "base/str.h"
#include "engine/inputs/path_presence.h"
#include "engine/observed/kernel_files.h"
#include "wire/observation.h"

namespace zc::engine {

namespace {

using wire::ObservedEvent;

// The path exists: mkdir reports that by EEXIST, and readlink reports by EINVAL that it is no
// symlink.
bool is_there(int error) {
  return error == 0 || error == EEXIST || error == EINVAL;
}

// Milliseconds, rounded down, so it is never later than the event.
std::int64_t time_of(const ObservedEvent& event) {
  return static_cast<std::int64_t>(event.time_ms) * 1'000'000;
}

// Takes the events in their order in the channel and keeps what the run has made by then: a path
// that the run made before it looked there is no input, and one that it looked at first is.
class Reader {
 public:
  Reader(const OwnPaths& own, const os::FileSystem& fs, std::string_view relative_prefix)
      : own_(own), fs_(fs), relative_prefix_(relative_prefix) {}

  // Most events are about a path of their own.
  void expect(std::size_t events) {
    trace_.accesses.reserve(events);
    by_path_.reserve(events);
  }

  void read(ObservedEvent event) {
    const std::string_view bytes = event.bytes;
    event.bytes = plain(bytes);
    spelled_ = is_relative(bytes) ? spelled(bytes) : event.bytes;
    if (!read_open_file(event) && !read_process(event) && !read_query(event) &&
        !read_metadata_query(event)) {
      read_path(event);
    }
    // rustc takes the time to name the directory of its own state, right after an access to it. So
    // the one query of the time that follows such an event in the same process is rustc's own.
    after_state_[event.pid] = is_about_state(event);
    if (event.kind != 'U') {
      just_taken_.erase(event.pid);
    }
    if (event.kind == 'R' && event.error == 0) {
      just_opened_.insert_or_assign(event.pid, event.bytes);
    } else {
      just_opened_.erase(event.pid);
    }
    if (event.kind != 'W' && event.kind != 'M') {
      just_made_.erase(event.pid);
    }
    if (!std::string_view("UWI").contains(event.kind)) {
      just_moved_.erase(event.pid);
    }
  }

  Trace finish();

 private:
  struct Made {
    LeftPath left;
    bool is_there = true;  // still
  };
  struct Start {
    std::uint32_t pid = 0;
    std::string_view program;
  };

  bool read_process(const ObservedEvent& event);
  bool read_open_file(const ObservedEvent& event);
  void keep_open_file(std::uint32_t pid);
  bool read_query(const ObservedEvent& event);
  bool read_metadata_query(const ObservedEvent& event);
  void add_metadata_query(MetadataQuery::At at, const ObservedEvent& event);
  Query query(const ObservedEvent& event) const;
  void read_path(const ObservedEvent& event);

  void program_began(const ObservedEvent& event);
  void object_loaded(const ObservedEvent& event);
  void about_to_start(const ObservedEvent& event);
  void did_not_start(const ObservedEvent& event);
  void make(const ObservedEvent& event);
  void make_other(const ObservedEvent& event);
  void take_over(const ObservedEvent& event, LeftPath& left);
  void note_way(const ObservedEvent& event);
  void remove(const ObservedEvent& event);
  void look(const ObservedEvent& event);
  void failed_change(const ObservedEvent& event);

  PathAccess& access_of(const ObservedEvent& event);
  void open(const ObservedEvent& event);
  void open_late(const ObservedEvent& event);
  void note_first_read(const ObservedEvent& event);
  void seek_library(const ObservedEvent& event);
  void check_libraries();
  bool is_own(std::string_view path) const;
  std::string_view plain(std::string_view path);
  bool is_relative(std::string_view path) const {
    return !relative_prefix_.empty() && path.starts_with(relative_prefix_);
  }
  std::string_view spelled(std::string_view path);
  std::string_view real(std::string_view path);
  std::string_view keep(std::string text) { return trace_.texts.emplace_back(std::move(text)); }
  void look_at_output(const ObservedEvent& event);
  bool is_about_state(const ObservedEvent& event) const {
    return std::string_view("RWMUST").contains(event.kind) &&
           own_.kind_of(event.bytes) == OwnPaths::Kind::kState;
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
  const std::string relative_prefix_;
  std::string_view spelled_;  // the path of the event at hand; a relative one begins as above
  Trace trace_;
  std::unordered_map<std::string_view, std::size_t> by_path_;
  std::vector<Made> made_;
  std::unordered_map<std::string_view, std::size_t> made_by_path_;  // by both of its paths
  std::vector<std::string> made_directories_;                       // with a slash at the end
  std::unordered_map<std::uint32_t, std::size_t> program_of_;
  std::unordered_map<std::uint32_t, bool> after_state_;
  std::unordered_set<std::string_view> taken_;                       // as in the trace
  std::unordered_map<std::uint32_t, std::string_view> just_taken_;   // by the event before
  std::unordered_map<std::uint32_t, std::size_t> just_made_;         // likewise; in made_
  std::unordered_map<std::uint32_t, std::string_view> just_opened_;  // by the event before, to read
  // A rename has these events: the old name is removed, perhaps the new one as well, and written.
  std::unordered_map<std::uint32_t, std::vector<std::string_view>> just_moved_;
  std::unordered_map<std::uint32_t, MetadataQuery> open_files_;  // that late code just asked about
  std::vector<Start> starts_;
  std::vector<std::string_view> libraries_;  // names that were to be loaded
  bool output_began_ = false;
};

// With ".." a path may lead out of a directory that the run made.
bool Reader::is_own(std::string_view path) const {
  return own_.kind_of(path) != OwnPaths::Kind::kOther || made_by_path_.contains(path) ||
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

// A path that the program spelled relative to its working directory keeps the mark of that.
std::string_view Reader::spelled(std::string_view path) {
  const std::string_view rest = path.substr(relative_prefix_.size());
  const bool is_plain = !rest.starts_with("./") && !rest.contains("/.") && !rest.contains("//");
  return is_plain ? path : keep(str_cat(relative_prefix_, without_dots(rest)));
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

PathAccess& Reader::access_of(const ObservedEvent& event) {
  const auto [it, is_new] = by_path_.try_emplace(spelled_, trace_.accesses.size());
  if (is_new) {
    PathAccess& seen = trace_.accesses.emplace_back();
    seen.path = spelled_;
    seen.seen_ns = time_of(event);
  }
  return trace_.accesses[it->second];
}

void Reader::open(const ObservedEvent& event) {
  PathAccess& seen = access_of(event);
  ++seen.opens;
  const Opening opening = {.path = seen.path, .program = program_of(event.pid)};
  if (trace_.openings.empty() || trace_.openings.back() != opening) {
    trace_.openings.push_back(opening);
  }
  if (!seen.opened) {
    seen.opened = true;
    seen.opened_ns = time_of(event);
  }
}

void Reader::note_first_read(const ObservedEvent& event) {
  const auto program = program_of_.find(event.pid);
  if (event.kind == 'R' && event.error == 0 && program != program_of_.end() &&
      trace_.programs[program->second].first_read.empty()) {
    trace_.programs[program->second].first_read = event.bytes;
  }
}

// --- programs

// The event of a program or object comes when the loader has long opened it, so its time is too
// late for a comparison.
void Reader::open_late(const ObservedEvent& event) {
  const bool is_new = !by_path_.contains(spelled_);
  open(event);
  access_of(event).reported_late |= is_new;
}

void Reader::program_began(const ObservedEvent& event) {
  program_of_[event.pid] = trace_.programs.size();
  trace_.programs.push_back({.path = event.bytes, .objects = {}});
  open_late(event);
}

void Reader::object_loaded(const ObservedEvent& event) {
  if (trace_.programs.empty()) {
    return reject("a program without a beginning");
  }
  trace_.programs[program_of(event.pid)].objects.push_back(event.bytes);
  if (!is_own(event.bytes)) {
    open_late(event);
  }
}

void Reader::about_to_start(const ObservedEvent& event) {
  starts_.push_back({.pid = event.pid, .program = event.bytes});
  if (!event.bytes.contains('/')) {
    trace_.names.push_back(event.bytes);
  } else if (!is_own(event.bytes)) {
    access_of(event).tried = true;
  }
}

// A posix_spawn that fails has this event only; all other calls have one before the attempt as
// well. What is there and cannot be run may be run once its mode has changed.
void Reader::did_not_start(const ObservedEvent& event) {
  if (event.bytes.contains('/') && !is_own(event.bytes) && !is_missing(event.error)) {
    access_of(event).refused = true;
  }
  const auto it = std::ranges::find_if(starts_, [&](const Start& start) {
    return start.pid == event.pid && start.program == event.bytes;
  });
  if (it != starts_.end()) {
    starts_.erase(it);
    return;
  }
  about_to_start(event);
  starts_.pop_back();
}

bool Reader::read_process(const ObservedEvent& event) {
  switch (event.kind) {
    case 'H':
      program_began(event);
      return true;
    case 'L':
      object_loaded(event);
      return true;
    case 'D':
      if (!event.bytes.contains('/')) {
        seek_library(event);
      } else if (!is_own(event.bytes)) {
        access_of(event).tried = true;
      }
      return true;
    case 'X':
    case 'P':
      about_to_start(event);
      return true;
    case 'Y':
      did_not_start(event);
      return true;
    default:
      return false;
  }
}

// --- queries

Query Reader::query(const ObservedEvent& event) const {
  const std::size_t program = program_of(event.pid);
  return {.about = event.bytes,
          .program = program,
          .objects = trace_.programs.empty() ? 0 : trace_.programs[program].objects.size(),
          .is_forked = !program_of_.contains(event.pid),
          .before_output = !output_began_,
          .by_late_code = std::string_view("ABFVOJ").contains(event.kind),
          .before_read = !trace_.programs.empty() && trace_.programs[program].first_read.empty()};
}

bool Reader::read_query(const ObservedEvent& event) {
  switch (event.kind) {
    case 'E':
    case 'V':
      trace_.variables.push_back(query(event));
      return true;
    case 'C':
      if (!after_state_[event.pid]) {
        Query& asked = trace_.times.emplace_back(query(event));
        const std::size_t end = std::min(event.bytes.find(' '), event.bytes.size());
        asked.about = event.bytes.substr(0, end);
        asked.value = event.bytes.substr(std::min(end + 1, event.bytes.size()));
      }
      return true;
    case 'K':
      trace_.machine.push_back(query(event));
      return true;
    case 'G':
      trace_.answers.push_back(query(event));
      return true;
    case 'J':
      (is_of_kernel(event.bytes) ? trace_.kernel_files : trace_.answers).push_back(query(event));
      return true;
    case 'N':
      trace_.connects = true;
      reject(str_cat("a connection: ", event.bytes));
      return true;
    case '!':
      if (trace_.programs.empty() || !program_of_.contains(event.pid) ||
          !own_.is_idle(event.bytes, trace_.programs[program_of(event.pid)].path)) {
        reject(str_cat("something that cannot be told: ", event.bytes));
      }
      return true;
    default:
      return false;
  }
}

// --- paths: looked at, made and removed

// Queries of late code have kinds of their own: A, B and F. Those of a program itself are S, which
// may be about metadata or about where the path leads and counts as both, and T.
bool Reader::read_metadata_query(const ObservedEvent& event) {
  switch (event.kind) {
    case 'A':
      add_metadata_query(MetadataQuery::At::kMetadata, event);
      return true;
    case 'B':
      add_metadata_query(MetadataQuery::At::kRealPath, event);
      return true;
    case 'F':
      add_metadata_query(MetadataQuery::At::kListing, event);
      return true;
    case 'Q':
      add_metadata_query(MetadataQuery::At::kRealPath, event);
      return true;
    case 'S':
      add_metadata_query(MetadataQuery::At::kMetadata, event);
      return false;
    case 'T':
      add_metadata_query(MetadataQuery::At::kListing, event);
      return false;
    default:
      return false;
  }
}

// What late code asked of an open file counts as if it had asked by the path. But Rust's library
// asks for the size of each file that it reads as a whole, and then reads it: the same process,
// with nothing in between.
bool Reader::read_open_file(const ObservedEvent& event) {
  if (event.kind == 'Z') {
    const auto it = open_files_.find(event.pid);
    if (it != open_files_.end() && it->second.query.about == spelled_) {
      open_files_.erase(it);
    }
    return true;
  }
  keep_open_file(event.pid);
  if (event.kind != 'O') {
    return false;
  }
  if (!is_own(event.bytes)) {
    MetadataQuery asked = {.at = MetadataQuery::At::kMetadata, .query = query(event)};
    asked.query.about = spelled_;
    open_files_.insert_or_assign(event.pid, asked);
  }
  return true;
}

void Reader::keep_open_file(std::uint32_t pid) {
  if (const auto it = open_files_.find(pid); it != open_files_.end()) {
    trace_.metadata_queries.push_back(it->second);
    open_files_.erase(it);
  }
}

// `old_outputs`: late code that looks at an output before the run has written any sees one of an
// earlier run, which the next request may not have.
void Reader::add_metadata_query(MetadataQuery::At at, const ObservedEvent& event) {
  if (event.error == 0 && !is_own(event.bytes)) {
    MetadataQuery& added =
        trace_.metadata_queries.emplace_back(MetadataQuery{.at = at, .query = query(event)});
    added.query.about = spelled_;
  } else if (event.error == 0 && event.kind == 'A' && !output_began_ &&
             own_.kind_of(event.bytes) == OwnPaths::Kind::kOutput) {
    trace_.old_outputs.push_back(query(event));
  }
}

void Reader::look_at_output(const ObservedEvent& event) {
  if (output_began_ || own_.kind_of(event.bytes) != OwnPaths::Kind::kOutput) {
    return;
  }
  trace_.output_looks.push_back(query(event));
  if (event.kind == 'R') {
    trace_.old_outputs.push_back(query(event));
  }
}

void Reader::look(const ObservedEvent& event) {
  look_at_output(event);
  if (is_own(event.bytes)) {
    return;
  }
  if (event.error == 0 && event.kind != 'S' && is_of_kernel(event.bytes)) {
    trace_.kernel_files.push_back(query(event));
  }
  PathAccess& seen = access_of(event);
  if (is_missing(event.error)) {
    seen.missing = true;
    seen.sought |= event.kind == 'R';
    seen.examined |= event.kind == 'S';
    seen.removed |= event.kind == 'U';
    seen.obstructed |= event.error == ENOTDIR;
  } else if (!is_there(event.error)) {
    seen.refused = true;
  } else if (event.error == 0 && event.kind == 'R') {
    open(event);
  } else if (event.error == 0 && event.kind == 'T') {
    seen.listed = true;
  } else {
    seen.looked_at = true;
  }
}

void Reader::failed_change(const ObservedEvent& event) {
  if (own_.kind_of(event.bytes) == OwnPaths::Kind::kOutput && !is_missing(event.error)) {
    trace_.failed_changes.push_back(query(event));
  }
  look(event);
}

// An attempt that failed has only looked. What is made is known by two paths, as spelled and
// without symlinks, since a later event may spell it in either way. All that is below a directory
// that the run made is its own.
void Reader::make(const ObservedEvent& event) {
  const OwnPaths::Kind kind = own_.kind_of(event.bytes);
  if (event.error != 0) {
    failed_change(event);
  } else if (kind == OwnPaths::Kind::kOutput) {
    output_began_ = true;
    trace_.output_changes.push_back(query(event));
  } else if (kind == OwnPaths::Kind::kOther) {
    make_other(event);
  }
}

void Reader::make_other(const ObservedEvent& event) {
  if (const auto it = made_by_path_.find(event.bytes); it != made_by_path_.end()) {
    made_[it->second].is_there = true;
    return;
  }
  const bool is_directory = event.kind == 'M';
  for (const std::string_view path : {event.bytes, real(event.bytes)}) {
    made_by_path_.insert_or_assign(path, made_.size());
    if (is_directory) {
      made_directories_.push_back(str_cat(path, '/'));
    }
  }
  // A file that is written over counts as taken by the event right before.
  const auto taken = just_taken_.find(event.pid);
  const bool is_written_over = taken != just_taken_.end() && taken->second == event.bytes;
  const bool was_removed = !is_written_over && taken_.contains(event.bytes);
  just_made_[event.pid] = made_.size();
  made_.push_back(
      {.left = {.path = event.bytes,
                .is_relative = is_relative(spelled_),
                .before = was_removed ? LeftPath::Before::kFile : LeftPath::Before::kAny,
                .was_there = is_written_over || was_removed,
                .is_directory = is_directory,
                .is_new_file = was_removed}});
}

// What a rename brings: the file that was removed right before. If the run has not made that, what
// is in it is older than the run.
void Reader::take_over(const ObservedEvent& event, LeftPath& left) {
  for (const std::string_view from : just_moved_[event.pid]) {
    const auto it = made_by_path_.find(from);
    const LeftPath* const made = it == made_by_path_.end() ? nullptr : &made_[it->second].left;
    if (from != event.bytes && (made == nullptr || made->before == LeftPath::Before::kContent)) {
      left.before = LeftPath::Before::kContent;
    }
    left.has_attributes |= made != nullptr && made->has_attributes;
  }
}

// Follows what has made or changed the path, in the same process.
void Reader::note_way(const ObservedEvent& event) {
  const auto it = made_by_path_.find(event.bytes);
  if (it == made_by_path_.end()) {
    return;
  }
  LeftPath& left = made_[it->second].left;
  const auto just_made = just_made_.find(event.pid);
  const bool is_first = just_made != just_made_.end() && just_made->second == it->second;
  switch (event.error) {
    case EEXIST:  // another file has taken the name
      left.is_new_file = true;
      take_over(event, left);
      return;
    case EINTR:  // the C library has chosen the name
      left.is_new_file = true;
      left.has_random_name = true;
      return;
    case ENOENT:  // with anything there, it would not have been made
      left.is_new_file = true;
      if (is_first && !left.was_there) {
        left.before = LeftPath::Before::kNothing;
      }
      take_over(event, left);
      return;
    case EPERM:  // what no hit gives a file
      left.has_attributes = true;
      return;
    case EACCES:  // the mode has changed
      if (is_first || (left.was_there && !left.is_new_file)) {
        left.before = LeftPath::Before::kContent;
      } else if (!left.is_new_file) {
        left.before = LeftPath::Before::kNothing;
      }
      return;
    default:  // what was in it has stayed
      if (is_first) {
        left.before = LeftPath::Before::kContent;
      }
      return;
  }
}

void Reader::remove(const ObservedEvent& event) {
  if (event.error != 0) {
    return failed_change(event);
  }
  just_moved_[event.pid].push_back(event.bytes);
  if (!is_own(event.bytes)) {
    const auto opened = just_opened_.find(event.pid);
    if (opened != just_opened_.end() && opened->second == event.bytes) {
      ++access_of(event).opens_to_remove;
    }
    trace_.taken.push_back(event.bytes);
    taken_.insert(event.bytes);
    just_taken_[event.pid] = event.bytes;
    return;
  }
  if (own_.kind_of(event.bytes) == OwnPaths::Kind::kOutput) {
    trace_.output_changes.push_back(query(event));
  }
  if (const auto it = made_by_path_.find(event.bytes); it != made_by_path_.end()) {
    made_[it->second].is_there = false;
  }
}

void Reader::read_path(const ObservedEvent& event) {
  note_first_read(event);
  switch (event.kind) {
    case 'W':
    case 'M':
      return make(event);
    case 'U':
      return remove(event);
    case 'I':
      return note_way(event);
    default:
      return look(event);
  }
}

// The threads of mold (oneTBB) take turns with those of OpenMP, and use an allocator and a library
// of their own about processors, where these are installed. What it links is the same in either
// case.
void Reader::seek_library(const ObservedEvent& event) {
  constexpr std::array<std::string_view, 4> kOfThreads = {"libiomp5.so", "libirml.so", "libtbbbind",
                                                          "libtbbmalloc.so"};
  // It links in a process that it has forked.
  const auto is_mold = [](const TracedProgram& program) {
    return base_name(program.path) == "mold";
  };
  const auto program = program_of_.find(event.pid);
  const bool may_be_of_mold = program == program_of_.end()
                                  ? std::ranges::any_of(trace_.programs, is_mold)
                                  : is_mold(trace_.programs[program->second]);
  if (!may_be_of_mold || std::ranges::none_of(kOfThreads, [&](std::string_view name) {
        return event.bytes.starts_with(name);
      })) {
    libraries_.push_back(event.bytes);
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
  while (!open_files_.empty()) {
    keep_open_file(open_files_.begin()->first);
  }
  for (const Made& made : made_) {
    if (made.is_there) {
      trace_.left.push_back(made.left);
    } else {
      trace_.passing.push_back(made.left.path);
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
                                const os::FileSystem& fs, std::string_view relative_prefix) {
  const auto events = wire::decode_observation(text);
  if (!events) {
    return std::nullopt;
  }
  Reader reader(own, fs, relative_prefix);
  reader.expect(events->size());
  for (const ObservedEvent& event : *events) {
    reader.read(event);
  }
  return reader.finish();
}

}  // namespace zc::engine
