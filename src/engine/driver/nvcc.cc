#include "engine/driver/nvcc.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "engine/driver/nvcc_profile.h"
#include "engine/observed/loader_paths.h"

namespace zc::engine::driver {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

constexpr std::array<std::string_view, 7> kTools = {"bin2c", "cicc",   "cudafe++", "fatbinary",
                                                    "nvcc",  "nvlink", "ptxas"};
constexpr std::array<std::string_view, 3> kShells = {"bash", "dash", "sh"};
constexpr std::string_view kProfile = "nvcc.profile";
constexpr std::string_view kPassing = "tmpxft_";

// They answer, report how long they took, show what they would do, or run what was made.
constexpr std::array<std::string_view, 18> kReports = {"--dryrun",
                                                       "--dry-run",
                                                       "--help",
                                                       "--list-gpu-arch",
                                                       "--list-gpu-code",
                                                       "--run",
                                                       "--time",
                                                       "--version",
                                                       "-V",
                                                       "-arch-ls",
                                                       "-code-ls",
                                                       "-dryrun",
                                                       "-h",
                                                       "-run",
                                                       "-time",
                                                       "--fdevice-time-trace",
                                                       "-fdevice-time-trace",
                                                       "-version"};

bool is_report(std::string_view word) {
  return std::ranges::find(kReports, word.substr(0, word.find('='))) != kReports.end();
}

bool is_program(const Trace& trace, const os::FileSystem& fs, const std::string& path) {
  const Result<std::string> real = fs.real_path(path);
  return real &&
         std::ranges::find(trace.programs, *real, &TracedProgram::path) != trace.programs.end();
}

// The one that nvcc has read, which lies beside it.
std::string_view profile_of(const Trace& trace) {
  const auto found = std::ranges::find_if(trace.accesses, [](const PathAccess& seen) {
    return seen.opened && base_name(seen.path) == kProfile;
  });
  return found == trace.accesses.end() ? std::string_view() : found->path;
}

}  // namespace

bool is_tool_of_nvcc(std::string_view path) {
  return std::ranges::find(kTools, base_name(path)) != kTools.end();
}

bool is_shell_of_nvcc(std::string_view path) {
  return std::ranges::find(kShells, base_name(path)) != kShells.end();
}

OrBypass<> check_words_of_nvcc(const std::vector<std::string_view>& words) {
  if (words.empty()) {
    return bypass(Reason::kNoInputFile);
  }
  const auto report = std::ranges::find_if(words, is_report);
  return report == words.end() ? OrBypass<>()
                               : bypass(Reason::kCalledForInformation, std::string(*report));
}

bool NvccRules::is_by_tool(const Query& query) const {
  return !query.is_forked && is_tool_of_nvcc(trace_.programs.at(query.program).path);
}

// nvcc looks there for what the run has left, and removes it.
bool NvccRules::is_cleaned_up(std::string_view directory) const {
  return std::ranges::any_of(trace_.passing, [&](std::string_view path) {
    return dir_name(path) == directory && base_name(path).starts_with(kPassing);
  });
}

// OpenSSL in the tools takes a seed from there, by which none of them makes anything.
bool NvccRules::is_passed_over(const PathAccess& seen) const {
  const bool is_seed = seen.path == "/dev/urandom" || seen.path == "/dev/random";
  const bool is_listing = seen.listed && !seen.opened && is_cleaned_up(seen.path);
  return is_listing ||
         (is_seed && std::ranges::all_of(trace_.openings, [&](const Opening& opening) {
            return opening.path != seen.path ||
                   is_tool_of_nvcc(trace_.programs.at(opening.program).path);
          }));
}

bool NvccRules::is_idle_look(const MetadataQuery& look) const {
  return look.at == MetadataQuery::At::kListing && is_by_tool(look.query) &&
         is_cleaned_up(look.query.about);
}

// The front ends of EDG, in cudafe++ and cicc, take the time for __DATE__ and __TIME__ before they
// read anything, and what they read was preprocessed by the compiler of C++. ptxas measures how
// long it takes. A shell has variables of its own, which nvcc's commands do not name. A script may
// name them, and the shell has to read it.
bool NvccRules::is_idle_question(const Query& question) const {
  return is_by_tool(question) || (!question.is_forked && question.before_read &&
                                  is_shell_of_nvcc(trace_.programs.at(question.program).path));
}

OrBypass<> add_directories_of_nvcc(const os::FileSystem& fs, const ObservedCompile& compile,
                                   const Trace& trace, InputList& list) {
  const std::string path(profile_of(trace));
  const auto text =
      fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kArgumentFileBytesMax);
  const auto profile =
      text ? read_nvcc_profile(text->bytes, dir_name(path)) : std::optional<NvccProfile>();
  if (!profile) {
    return bypass(Reason::kNotObserved, str_cat(kProfile, " ", path));
  }
  for (const std::string_view directory : split(profile->program_directories, ':')) {
    for (const std::string_view name : trace.names) {
      const std::string place = str_cat(directory, '/', name);
      os::FileStamp stamp;
      if (directory.empty() || is_program(trace, fs, place)) {
        continue;
      }
      if (fs.stat(os::FileSystem::kNoDirectory, place.c_str(), stamp) == 0) {
        return bypass(Reason::kNotObserved, place);
      }
      list.absences.push_back({.root = {}, .path = place});
    }
  }
  const std::string library_path =
      str_cat(profile->library_directories, compile.env.get("LD_LIBRARY_PATH"));
  for (std::string& place : paths_before_objects(library_path, compile.cwd, trace)) {
    list.absences.push_back({.root = {}, .path = std::move(place)});
  }
  return {};
}

}  // namespace zc::engine::driver
