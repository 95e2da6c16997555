// The one list of reasons why a command was not served from the cache, or its result not stored. A
// plain miss has none.
//
// Statistics, `status --json`, the daemon's log and the manual take their names from here. Where
// ccache has a name for the same thing, ours is the same: its users and tools know it.
//
// Thread: constants.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace zc::compiler {

// In the order of their ids. The numbers are never stored or sent, so a new reason goes to its
// place in the alphabet.
enum class Reason : std::uint8_t {
  kBadCommandOptions,
  kBadCompilerArguments,
  kBadConfiguration,
  kBadOutputFile,
  kBadToolFile,
  kCalledForInformation,
  kCalledForLink,
  kCalledForPreprocessing,
  kCallerLimits,
  kCompileFailed,
  kCompilerCheckFailed,
  kCompilerProducedNoOutput,
  kDaemonBusy,
  kDepfileNotUnderstood,
  kDifferentWorld,
  kDisabled,
  kInternalError,
  kMessagesTooLarge,
  kModifiedInputFile,
  kModifiedOutputFile,
  kMultipleSourceFiles,
  kNetworkUse,
  kNoInputFile,
  kNotDeterministic,
  kNotObserved,
  kOpenDescriptors,
  kOutputToStdout,
  kQuickCompile,
  kReadOnly,
  kSideEffect,
  kStandardInput,
  kStoreUnavailable,
  kUnreadableInput,
  kUnrepeatableInput,
  kUnsupportedCompiler,
  kUnsupportedCompilerOption,
  kUnsupportedEnvironmentVariable,
  kUnsupportedResponseFile,
  kUnsupportedSourceLanguage,
  kCount,
};

struct ReasonText {
  std::string_view id;      // stable, snake_case
  std::string_view text;    // one line for people
  std::string_view advice;  // what to do; empty: there is nothing to do
};

// `reason` is any but kCount.
const ReasonText& text_of(Reason reason);

// By its id. Nothing: there is no such reason, though another version may have one.
std::optional<ReasonText> find_reason(std::string_view id);

}  // namespace zc::compiler
