#include "engine/driver/lto.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <set>
#include <string>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "compiler/detect.h"
#include "engine/c/lto_seed.h"
#include "engine/driver/plain_specs.h"

namespace zc::engine::driver {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// Make, the shell that it starts, and what lto-wrapper has that do: to empty a file without another
// time.
constexpr std::array<std::string_view, 7> kOfMake = {"bash", "dash", "gmake", "make",
                                                     "mv",   "sh",   "touch"};

// Whichever files of that name the driver has read.
bool are_specs_plain(const os::FileSystem& fs, const Trace& trace, std::string_view file) {
  bool is_read = false;
  for (const Opening& opening : trace.openings) {
    if (base_name(opening.path) != base_name(file)) {
      continue;
    }
    const auto text = fs.read(os::FileSystem::kNoDirectory, std::string(opening.path).c_str(),
                              limits::kArgumentFileBytesMax);
    if (!text || !are_plain_specs(text->bytes)) {
      return false;
    }
    is_read = true;
  }
  return is_read;
}

// By these, the driver starts what the user says, a shell perhaps.
bool may_start_programs(const os::FileSystem& fs, const Trace& trace, std::string_view word) {
  constexpr std::string_view kSpecs = "-specs=";
  if (word.starts_with(kSpecs)) {
    return !are_specs_plain(fs, trace, word.substr(kSpecs.size()));
  }
  return word == "-wrapper" || word.contains("specs") || word.contains('@');
}

// A script under the name of a tool, or the start of bash: make has the shell read nothing.
bool is_shell_with_file(const TracedProgram& program) {
  return base_name(program.path).ends_with("sh") && !program.first_read.empty();
}

// Make has all variables from its caller without asking for one. These, it heeds by itself, and its
// shell PATH; another one counts only in a makefile, and that of lto-wrapper names none.
constexpr std::array<std::string_view, 11> kHeeded = {
    "GNUMAKEFLAGS", "MAKEFILES",     "MAKEFLAGS", "MAKELEVEL", "MAKE_TERMERR", "MAKE_TERMOUT",
    "MAKE_TMPDIR",  "MAKE_RESTARTS", "MFLAGS",    "PATH",      "VPATH"};

bool is_of_make(std::string_view path) {
  return std::ranges::find(kOfMake, base_name(path)) != kOfMake.end();
}

bool is_by_make(const Trace& trace, const Query& query) {
  return is_of_make(trace.programs.at(query.program).path);
}

// Make looks for what it is to make, the directory of temporary files among the rest, by names that
// are new in each run.
void forget_listings(Trace& trace) {
  std::set<std::string_view> by_others;
  for (const MetadataQuery& look : trace.metadata_queries) {
    if (look.at == MetadataQuery::At::kListing && !is_by_make(trace, look.query)) {
      by_others.insert(look.query.about);
    }
  }
  for (PathAccess& seen : trace.accesses) {
    const bool is_of_temporary = std::ranges::any_of(
        trace.passing, [&](std::string_view path) { return dir_name(path) == seen.path; });
    if (seen.listed && is_of_temporary && !by_others.contains(seen.path)) {
      seen.listed = false;
      seen.looked_at = true;
    }
  }
}

// By which libselinux, which mv loads, finds out whether there is anything to do for it.
void forget_kernel_files(Trace& trace) {
  constexpr std::string_view kFile = "/proc/filesystems";
  const bool is_for_make = std::ranges::all_of(trace.openings, [&](const Opening& opening) {
    return opening.path != kFile || is_of_make(trace.programs.at(opening.program).path);
  });
  if (is_for_make) {
    std::erase_if(trace.accesses, [&](const PathAccess& seen) { return seen.path == kFile; });
  }
}

// The one in which LLVM notes when it has cleaned up last.
constexpr std::string_view kCleanUpMark = "llvmcache.timestamp";

std::set<std::string_view> directories_of_llvm(const Trace& trace) {
  std::set<std::string_view> out;
  const auto add = [&](std::string_view path) {
    if (base_name(path) == kCleanUpMark) {
      out.insert(dir_name(path));
    }
  };
  for (const PathAccess& seen : trace.accesses) {
    add(seen.path);
  }
  for (const LeftPath& left : trace.left) {
    add(left.path);
  }
  return out;
}

bool is_lto1(const Trace& trace, std::size_t program) {
  return base_name(trace.programs.at(program).path) == "lto1";
}

// Where a source is compiled, it may be the source that reads the device. Elsewhere, what a forked
// process opens, which counts as the first program's, is of an lto1 that writes in parallel.
bool has_seeds_alone(const Trace& trace) {
  const bool has_sources = std::ranges::any_of(trace.programs, [](const TracedProgram& program) {
    return base_name(program.path).starts_with("cc1") || program.path.contains("clang");
  });
  return std::ranges::all_of(trace.openings, [&](const Opening& opening) {
    return opening.path != c::kRandomDevice || is_lto1(trace, opening.program) ||
           (opening.program == 0 && !has_sources);
  });
}

// What else asks for the time in LLVM writes it down: -ftime-trace, --time-trace, -time-passes. A
// response file may have such a word.
bool may_write_time(std::string_view word) {
  return word.contains("time") || word.contains("stats") || word.contains('@');
}

}  // namespace

bool runs_make_for_lto(const os::FileSystem& fs, const std::vector<std::string_view>& words,
                       const Trace& trace) {
  const auto may_start = [&](std::string_view word) { return may_start_programs(fs, trace, word); };
  if (std::ranges::any_of(words, may_start) ||
      std::ranges::any_of(trace.programs, is_shell_with_file)) {
    return false;
  }
  const auto runs = [&](std::string_view name) {
    return std::ranges::any_of(trace.programs, [&](const TracedProgram& program) {
      return base_name(program.path) == name;
    });
  };
  return runs("lto-wrapper") && (runs("make") || runs("gmake"));
}

bool is_tool_of_lto(std::string_view path) {
  return compiler::detect_object_tool(path).has_value() || is_of_make(path);
}

OrBypass<> take_make(const CacheableCompile& compile, std::string_view messages, Trace& trace,
                     InputList& list) {
  if (!compile.env.get("MAKEFILES").empty()) {
    return bypass(Reason::kUnsupportedCompiler, "make reads what MAKEFILES names");
  }
  if (messages.contains("make")) {
    return bypass(Reason::kUnrepeatableInput, "make prints something");
  }
  for (const std::string_view variable : kHeeded) {
    list.add_fact(compile, store::InputKind::kVariable, variable);
  }
  std::erase_if(trace.times, [&](const Query& query) { return is_by_make(trace, query); });
  forget_listings(trace);
  forget_kernel_files(trace);
  return {};
}

OrBypass<> take_clean_up(const std::vector<std::string_view>& words, bool has_messages,
                         Trace& trace) {
  const std::set<std::string_view> directories = directories_of_llvm(trace);
  const bool may_tell_time =
      has_messages || std::ranges::any_of(words, may_write_time) ||
      std::ranges::any_of(trace.left, [](const LeftPath& left) {
        return base_name(left.path).contains("time") && base_name(left.path) != kCleanUpMark;
      });
  if (directories.empty() || may_tell_time) {
    return {};
  }
  for (const std::string_view taken : trace.taken) {
    if (directories.contains(dir_name(taken))) {
      return bypass(Reason::kUnrepeatableInput, std::string(taken));
    }
  }
  std::erase_if(trace.times, [&](const Query& query) {
    return compiler::detect_object_tool(trace.programs.at(query.program).path).has_value();
  });
  for (PathAccess& seen : trace.accesses) {
    if (seen.listed && directories.contains(seen.path)) {
      seen.listed = false;
      seen.looked_at = true;
    }
  }
  return {};
}

void forget_seeds(const std::vector<std::string_view>& words, Trace& trace) {
  const bool has_lto1 = std::ranges::any_of(trace.programs, [](const TracedProgram& program) {
    return base_name(program.path) == "lto1";
  });
  if (!has_lto1 || std::ranges::any_of(words, [](std::string_view word) {
        return may_write_time(word) || word.contains("report") || word.starts_with("-frandom-seed");
      })) {
    return;
  }
  std::erase_if(trace.times, [&](const Query& query) {
    return query.about == "gettimeofday" && !query.is_forked && is_lto1(trace, query.program);
  });
  if (has_seeds_alone(trace)) {
    std::erase_if(trace.accesses,
                  [](const PathAccess& seen) { return seen.path == c::kRandomDevice; });
  }
}

bool begins_cache_of_llvm(const os::FileSystem& fs, std::string_view path) {
  if (!base_name(path).starts_with("llvmcache")) {
    return false;
  }
  os::FileStamp stamp;
  const std::string directory(dir_name(path));
  return fs.stat_link(os::FileSystem::kNoDirectory, directory.c_str(), stamp) == ENOENT;
}

bool is_asked_for_clean_up(std::string_view function, std::string_view program) {
  return (function == "statfs" || function == "statfs64") &&
         compiler::detect_object_tool(program) == compiler::ObjectTool::kLinker;
}

}  // namespace zc::engine::driver
