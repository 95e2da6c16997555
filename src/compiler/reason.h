// The one list of reasons why a command was not answered from the cache or not stored.
//
// Statistics, `status --json`, the journal and the manual take their names from here. Where ccache
// has a name for the same thing, ours is the same: its users and tools know it.
//
// Thread: constants.
#pragma once

#include <cstdint>
#include <string_view>

namespace zc::compiler {

enum class Reason : std::uint8_t {
  kBadCompilerArguments,
  kBadOutputFile,
  kCalledForInformation,
  kCalledForLink,
  kCalledForPreprocessing,
  kCallerLimits,
  kCompileFailed,
  kCompilerCheckFailed,
  kCompilerProducedNoOutput,
  kCouldNotUsePrecompiledHeader,
  kDaemonBusy,
  kDepfileNotUnderstood,
  kDifferentWorld,
  kInternalError,
  kMessagesTooLarge,
  kModifiedInputFile,
  kModifiedOutputFile,
  kMultipleSourceFiles,
  kNoInputFile,
  kNotObserved,
  kOutputToStdout,
  kSideEffect,
  kStoreUnavailable,
  kUnreadableInput,
  kUnrepeatableInput,
  kUnsupportedCodeDirective,
  kUnsupportedCompiler,
  kUnsupportedCompilerOption,
  kUnsupportedEnvironmentVariable,
  kUnsupportedResponseFile,
  kUnsupportedSourceLanguage,
  kCount,
};

struct ReasonText {
  std::string_view id;    // stable, snake_case
  std::string_view text;  // one line for people, says what to do where there is something to do
};

const ReasonText& text_of(Reason reason);

}  // namespace zc::compiler
