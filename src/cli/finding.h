// What `zccache doctor` finds, and its checks. Each check looks at one part of the set-up and
// returns at least one finding; it changes nothing but what it makes for itself and removes again.
//
// Thread: main.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lifecycle/caller.h"

namespace zc::cli {

enum class Verdict : std::uint8_t { kOk, kWarning, kProblem };

struct Finding {
  Verdict verdict = Verdict::kOk;
  std::string text;
  std::string remedy;              // what to do; empty when it is ok
  std::function<Result<>()> mend;  // what --fix does about it, or nothing
};
using FindingList = std::vector<Finding>;

struct Setup {
  const lifecycle::Caller& caller;
  std::string search_path;  // PATH, or what stands for it if it is unset
  std::string client;       // cli/path_programs.h
};

struct Check {
  std::string_view name;  // for scripts
  FindingList (*run)(const Setup& setup);
};

FindingList check_path(const Setup& setup);      // PATH and masquerade links
FindingList check_caches(const Setup& setup);    // other caches in the way
FindingList check_settings(const Setup& setup);  // variables that switch something off
FindingList check_daemon(const Setup& setup);    // build, world, leftovers
FindingList check_storage(const Setup& setup);   // the cache's directory and file system
FindingList check_kernel(const Setup& setup);    // sandbox, fine times, inotify
FindingList check_observer(const Setup& setup);  // that it is there, for each C library
// Compiles that must miss, then hit, and leave what the compiler leaves, with a cache of their own.
FindingList check_compiles(const Setup& setup);

// The variables of the caller, with these (NAME=VALUE) in the place of those of the same names.
std::vector<std::string> environment_with(const Setup& setup, std::vector<std::string> variables);

Finding is_ok(std::string text);
Finding warning(std::string text, std::string remedy, std::function<Result<>()> mend = nullptr);
Finding problem(std::string text, std::string remedy, std::function<Result<>()> mend = nullptr);

}  // namespace zc::cli
