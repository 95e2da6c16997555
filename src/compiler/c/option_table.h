// The options of gcc and clang that the cache understands, as data.
//
// A row says what an option does to every output, so that results can be shared between commands.
// An option that find_option does not know may do anything: the command is kept word for word. So
// is one of class kWordForWord, whose row says whether the next word is its value, or that it must
// not be taken for a shorter neighbour (-obj is no -o). An option of class kReport makes the
// command bypass the cache: what it reports of a run, such as times, is of that run alone. So does
// one of class kDescriptor.
//
// Besides the rows there are three groups that have no row for each option: -f and -m features
// (lists of names in feature_names.cc) and -W warnings (all of them shape nothing but messages).
//
// Thread: constants.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "compiler/c/family.h"

namespace zc::compiler::c {

enum class Arity : std::uint8_t {
  kNone,              // the word itself
  kSeparate,          // the next word is the value
  kJoined,            // the rest of the word is the value; not empty
  kJoinedOrSeparate,  // either
  kRest,              // the rest of the word is the value, perhaps empty
};

enum class OptionClass : std::uint8_t {
  kKey,                // shapes the object, the messages or what is read; no other effect
  kProgramDirectory,   // -B: the driver looks there for its own programs, too
  kMachine,            // the value may be "native"
  kCompile,            // -c
  kAssemble,           // -S
  kPreprocess,         // -E, -M, -MM
  kOutput,             // -o
  kLanguage,           // -x
  kDepAll,             // -MD
  kDepUser,            // -MMD
  kDepFile,            // -MF
  kDepTarget,          // -MT
  kDepQuotedTarget,    // -MQ
  kDepPhony,           // -MP
  kDebug,              // debug information
  kDebugBrief,         // line tables only
  kDebugOff,           // -g0
  kDebugDetail,        // changes debug information but does not switch it on
  kSplitDwarf,         // debug information in a file of its own
  kCwdLeaks,           // the object depends on the working directory
  kLto,                // kCwdLeaks; the object is not machine code yet
  kProfileArcs,        // the object names its profile by output and working directory
  kCoverageNotes,      // writes a .gcno
  kCoverage,           // both
  kStackUsage,         // writes a .su
  kKeyFile,            // the value names a file whose content shapes the object
  kAssemblerWords,     // -Wa,
  kPreprocessorWords,  // -Wp,
  kFrontEndWord,       // -Xclang
  kWordForWord,        // any effect
  kDescriptor,         // reads one that the command inherits, which no run shows
  kReport,             // on the run itself; the last one
};
constexpr std::size_t kOptionClasses = static_cast<std::size_t>(OptionClass::kReport) + 1;

enum class Families : std::uint8_t { kBoth, kGccOnly, kClangOnly };

struct OptionRow {
  std::string_view spelling;
  Arity arity;
  OptionClass option_class;
  Families families = Families::kBoth;
};

// All rows, sorted by spelling.
std::span<const OptionRow> option_rows();

// Sorted names of the features: "PIC" stands for -fPIC and -fno-PIC, a valued one for -fname=….
struct FeatureNames {
  std::span<const std::string_view> plain;
  std::span<const std::string_view> valued;
};
FeatureNames code_features();     // -f
FeatureNames machine_features();  // -m

struct OptionMatch {
  OptionClass option_class;
  std::string_view spelling;              // without its value
  std::optional<std::string_view> value;  // when it is in the same word
  bool takes_next = false;                // the next word is the value
};

// `word` starts with '-'. Nothing when the option is not understood.
std::optional<OptionMatch> find_option(Family family, std::string_view word);

}  // namespace zc::compiler::c
