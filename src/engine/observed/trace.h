// Trace: what an observed run did, put together from its observation (docs/formats/observation.md):
// what it looked at that was there before it, what it queried, which programs it started, and what
// it left behind. Files that the run created itself are not inputs, and are not in here.
//
// Thread: value. Ownership: borrows from the observation's text, and from `texts`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "os/file_system.h"

namespace zc::engine {

// A path that was there before the run, or was looked for in vain; by all its programs together.
struct PathAccess {
  std::string_view path;       // absolute, as spelled, but for "/./" and "//"
  std::int64_t seen_ns = 0;    // when it was looked at first, or a bit before; the clock of files
  std::int64_t opened_ns = 0;  // when it was opened first; what it holds was not read before
  bool opened = false;         // for reading; or executed, or loaded
  bool looked_at = false;      // it is there
  bool listed = false;         // a directory
  bool missing = false;        // it is not there
  bool obstructed = false;     // ... because a step of the way to it is no directory
  bool tried = false;          // it was to be loaded, if it is there
  bool sought = false;         // ... though a program was to read it
  bool examined = false;       // ... though a program was to look at it
  bool removed = false;        // ... though a program was to remove it
  bool refused = false;        // some other error
  bool reported_late = false;  // a program or object: its event comes after the loader opened it
  int opens = 0;               // how often it was opened
  int opens_to_remove = 0;     // of these, so often right before the same process removed it
};

// A program of the run queried a variable, the time, or the machine.
struct Query {
  std::string_view about;     // the variable or function
  std::string_view value;     // with what it was called, if the observer says so
  std::size_t program = 0;    // that made the query, by its index in Trace::programs
  std::size_t objects = 0;    // that the program had loaded by then
  bool is_forked = false;     // by a process that began no program; `program` is the first then
  bool before_output = true;  // the run had not begun to write its outputs
  bool by_late_code = false;  // what came into the program after its start, such as a macro
  bool before_read = false;   // the program had read no file by then
};

// A program of the run queried more of a path than whether it is there, and what is in it.
struct MetadataQuery {
  enum class At : std::uint8_t {
    kMetadata,  // times, permissions, size
    kRealPath,  // where symlinks lead
    kListing,   // names, their order and kinds
  };
  At at = At::kMetadata;
  Query query;  // about the path
};

struct TracedProgram {
  std::string_view path;
  std::string_view first_read;            // the first file that it opened for reading
  std::vector<std::string_view> objects;  // libraries and the like that it loaded
};

// What the run has made, or written anew, and is still there.
struct LeftPath {
  // What must have been there before for the run to leave the same.
  enum class Before : std::uint8_t {
    kAny,      // anything that can be written over, or nothing
    kNothing,  // a call would have failed otherwise, or the mode may be that of the older file
    kFile,     // the run has removed it, and may have done otherwise without it
    kContent,  // what it held is in there
  };
  std::string_view path;
  bool is_relative = false;  // the run spelled it relative to the working directory
  Before before = Before::kAny;
  bool was_there = false;  // something, before the run
  bool is_directory = false;
  bool is_new_file = false;  // under this name, also if there was one: not the old one, rewritten
  bool has_random_name = false;
  bool has_attributes = false;  // an owner, times or the like that the run has set
};

// A program has opened a path that was there before the run.
struct Opening {
  std::string_view path;
  std::size_t program = 0;  // by its index in Trace::programs; of a forked process, the first

  bool operator==(const Opening&) const = default;
};

struct Trace {
  std::vector<PathAccess> accesses;  // in the order in which they were seen first
  std::vector<Opening> openings;     // for reading
  std::vector<Query> variables;
  std::vector<Query> times;  // but for those that rustc needs to name its own state
  std::vector<Query> machine;
  std::vector<Query> answers;                   // random numbers and the like, by the function
  std::vector<Query> kernel_files;              // that were opened
  std::vector<MetadataQuery> metadata_queries;  // about what was there before the run
  std::vector<Query> old_outputs;       // that were read before the run had begun to write its own
  std::vector<Query> output_looks;      // for an output, found or not, by then
  std::vector<Query> output_changes;    // that made, changed or removed an output
  std::vector<Query> failed_changes;    // that could not, though it is there or its directory is
  std::vector<TracedProgram> programs;  // the first is the one that was run
  std::vector<std::string_view> started;  // paths or names of all but the first, as in the calls
  std::vector<std::string_view> names;    // of programs that were looked for on PATH
  std::vector<LeftPath> left;
  std::vector<std::string_view> passing;  // what was made and is gone again
  std::vector<std::string_view> taken;    // what was there before and was removed
  bool connects = false;                  // it made a connection: part of the next
  std::string rejection;                  // why this may not be all; empty: it is
  std::deque<std::string> texts;          // of paths that are in no event as they are here
};

// Which paths are the run's own business: neither inputs, nor left behind. Paths are absolute, as
// in PathAccess; kOther is any other path.
class OwnPaths {
 public:
  enum class Kind : std::uint8_t {
    kOther,
    kOutput,  // what the run is there to write
    kState,   // what it keeps for the next one
  };
  virtual ~OwnPaths() = default;
  virtual Kind kind_of(std::string_view path) const = 0;
  // The program makes nothing of what the function told it, which no event can tell, that could be
  // seen in what the run is there to write.
  virtual bool is_idle(std::string_view /*function*/, std::string_view /*program*/) const {
    return false;
  }
};

// Nothing when `text` is no observation. What the run has made is known by its path without
// symlinks, too, which `fs` finds. If the trace has a `rejection`, no result may be stored.
std::optional<Trace> read_trace(std::string_view text, const OwnPaths& own,
                                const os::FileSystem& fs, std::string_view relative_prefix = {});

}  // namespace zc::engine
