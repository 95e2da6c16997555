#include "compiler/c/option_table.h"

#include <algorithm>
#include <array>

namespace zc::compiler::c {

namespace {

using enum Arity;
using enum Families;
using enum OptionClass;

// Sorted, since find_row goes by prefixes. Linker options have no effect on a compile; they are
// here because build systems pass them all the same.
constexpr OptionRow kRows[] = {
    {"-###", kNone, kReport},
    {"--config", kSeparate, kWordForWord, kClangOnly},
    {"--coverage", kNone, kCoverage},
    {"--end-no-unused-arguments", kNone, kKey, kClangOnly},
    {"--gcc-install-dir=", kRest, kKey},
    {"--gcc-toolchain=", kRest, kKey},
    {"--gcc-triple=", kRest, kKey},
    {"--no-system-header-prefix=", kRest, kKey},
    {"--output", kJoined, kWordForWord},
    {"--param", kSeparate, kKey},
    {"--param=", kRest, kKey},
    {"--rtlib=", kRest, kKey},
    {"--serialize-diagnostics", kSeparate, kWordForWord},
    {"--start-no-unused-arguments", kNone, kKey, kClangOnly},
    {"--std=", kRest, kKey},
    {"--stdlib=", kRest, kKey},
    {"--sysroot", kSeparate, kKey},
    {"--sysroot=", kRest, kKey},
    {"--system-header-prefix=", kRest, kKey},
    {"--target=", kRest, kKey},
    {"--unwindlib=", kRest, kKey},
    {"--verbose", kNone, kWordForWord},
    {"-B", kJoinedOrSeparate, kProgramDirectory},
    {"-D", kJoinedOrSeparate, kKey},
    {"-E", kNone, kPreprocess},
    {"-F", kJoinedOrSeparate, kKey, kClangOnly},
    {"-I", kJoinedOrSeparate, kKey},
    {"-I-", kNone, kWordForWord},
    {"-L", kJoinedOrSeparate, kKey},
    {"-M", kNone, kPreprocess},
    {"-MD", kNone, kDepAll},
    {"-MF", kJoinedOrSeparate, kDepFile},
    {"-MJ", kJoinedOrSeparate, kWordForWord},
    {"-MM", kNone, kPreprocess},
    {"-MMD", kNone, kDepUser},
    {"-MP", kNone, kDepPhony},
    {"-MQ", kJoinedOrSeparate, kDepQuotedTarget},
    {"-MT", kJoinedOrSeparate, kDepTarget},
    {"-O", kRest, kKey},
    {"-Q", kNone, kReport},
    {"-Qn", kNone, kKey, kClangOnly},
    {"-Qunused-arguments", kNone, kKey, kClangOnly},
    {"-Qy", kNone, kKey, kClangOnly},
    {"-Rpass", kJoined, kKey, kClangOnly},
    {"-S", kNone, kAssemble},
    {"-U", kJoinedOrSeparate, kKey},
    {"-Wa,", kJoined, kAssemblerWords},
    {"-Wl,", kJoined, kKey},
    {"-Wp,", kJoined, kPreprocessorWords},
    {"-Xassembler", kSeparate, kWordForWord},
    {"-Xclang", kSeparate, kFrontEndWord, kClangOnly},
    {"-Xlinker", kSeparate, kKey},
    {"-Xpreprocessor", kSeparate, kWordForWord},
    {"-ansi", kNone, kKey},
    {"-arch", kSeparate, kWordForWord},
    {"-aux-info", kSeparate, kWordForWord},
    {"-c", kNone, kCompile},
    {"-canonical-prefixes", kNone, kKey},
    {"-coverage", kNone, kCoverage},
    {"-cxx-isystem", kJoinedOrSeparate, kKey, kClangOnly},
    {"-dumpbase", kSeparate, kWordForWord},
    {"-dumpbase-ext", kSeparate, kWordForWord},
    {"-dumpdir", kSeparate, kWordForWord},
    {"-fauto-profile=", kRest, kKeyFile, kClangOnly},
    {"-fbuiltin-", kJoined, kKey},
    {"-fcall-saved-", kJoined, kKey},
    {"-fcall-used-", kJoined, kKey},
    {"-fcolor-diagnostics", kNone, kKey, kClangOnly},
    {"-fcoverage-mapping", kNone, kCwdLeaks, kClangOnly},
    {"-fcs-profile-generate", kNone, kProfileArcs},
    {"-fcs-profile-generate=", kRest, kProfileArcs},
    {"-fdebug-compilation-dir", kSeparate, kWordForWord, kClangOnly},
    {"-fdiagnostics-color", kNone, kKey},
    {"-fdiagnostics-color=", kRest, kKey},
    {"-fdiagnostics-plain-output", kNone, kKey},
    {"-ffixed-", kJoined, kKey},
    {"-finline-limit-", kJoined, kKey},
    {"-fintegrated-as", kNone, kKey, kClangOnly},
    {"-flto", kNone, kLto},
    {"-flto=", kRest, kLto},
    {"-fmem-report", kRest, kReport},
    {"-fmodule", kRest, kWordForWord},
    {"-fmodule-mapper=<", kRest, kDescriptor},
    {"-fno-builtin-", kJoined, kKey},
    {"-fno-color-diagnostics", kNone, kKey, kClangOnly},
    {"-fno-coverage-mapping", kNone, kCwdLeaks, kClangOnly},
    {"-fno-crash-diagnostics", kNone, kKey, kClangOnly},
    {"-fno-diagnostics-color", kNone, kKey},
    {"-fno-lto", kNone, kLto},
    {"-fno-sanitize-coverage=", kRest, kCwdLeaks},
    {"-fno-sanitize=", kRest, kCwdLeaks},
    {"-fno-verbose-asm", kNone, kKey},
    {"-fprebuilt-module-path=", kRest, kWordForWord},
    {"-fproc-stat-report", kRest, kReport},
    {"-fprofile-arcs", kNone, kProfileArcs},
    {"-fprofile-dir=", kRest, kProfileArcs},
    {"-fprofile-generate", kNone, kProfileArcs},
    {"-fprofile-generate=", kRest, kProfileArcs},
    {"-fprofile-instr-generate", kNone, kProfileArcs},
    {"-fprofile-instr-generate=", kRest, kProfileArcs},
    {"-fprofile-instr-use=", kRest, kKeyFile, kClangOnly},
    {"-fprofile-list=", kRest, kKeyFile, kClangOnly},
    {"-fprofile-sample-use=", kRest, kKeyFile, kClangOnly},
    {"-fprofile-use=", kRest, kKeyFile, kClangOnly},
    {"-frandomize-layout-seed-file=", kRest, kKeyFile, kClangOnly},
    {"-fsanitize-blacklist=", kRest, kKeyFile, kClangOnly},
    {"-fsanitize-coverage=", kRest, kCwdLeaks},
    {"-fsanitize-ignorelist=", kRest, kKeyFile, kClangOnly},
    {"-fsanitize=", kRest, kCwdLeaks},
    {"-fstack-usage", kNone, kStackUsage},
    {"-ftemplate-depth-", kJoined, kKey},
    {"-ftest-coverage", kNone, kCoverageNotes},
    {"-ftime-report", kRest, kReport},
    {"-ftime-trace", kRest, kReport},
    {"-fuse-ld=", kRest, kKey},
    {"-g", kNone, kDebug},
    {"-g0", kNone, kDebugOff},
    {"-g1", kNone, kDebugBrief},
    {"-g2", kNone, kDebug},
    {"-g3", kNone, kDebug},
    {"-gas-loc-support", kNone, kDebugDetail, kGccOnly},
    {"-gas-locview-support", kNone, kDebugDetail, kGccOnly},
    {"-gcolumn-info", kNone, kDebugDetail},
    {"-gdescribe-dies", kNone, kDebugDetail, kGccOnly},
    {"-gdwarf", kNone, kDebug},
    {"-gdwarf-2", kNone, kDebug},
    {"-gdwarf-3", kNone, kDebug},
    {"-gdwarf-4", kNone, kDebug},
    {"-gdwarf-5", kNone, kDebug},
    {"-gdwarf32", kNone, kDebugDetail},
    {"-gdwarf64", kNone, kDebugDetail},
    {"-gembed-source", kNone, kDebugDetail, kClangOnly},
    {"-ggdb", kNone, kDebug},
    {"-ggdb0", kNone, kDebugOff},
    {"-ggdb1", kNone, kDebugBrief},
    {"-ggdb2", kNone, kDebug},
    {"-ggdb3", kNone, kDebug},
    {"-ggnu-pubnames", kNone, kDebugDetail},
    {"-ginline-line-tables", kNone, kDebugDetail, kClangOnly},
    {"-ginline-points", kNone, kDebugDetail, kGccOnly},
    {"-ginternal-reset-location-views", kNone, kDebugDetail, kGccOnly},
    {"-gline-directives-only", kNone, kDebugBrief, kClangOnly},
    {"-gline-tables-only", kNone, kDebugBrief, kClangOnly},
    {"-glldb", kNone, kDebug, kClangOnly},
    {"-gmlt", kNone, kDebugBrief, kClangOnly},
    {"-gno-as-loc-support", kNone, kDebugDetail, kGccOnly},
    {"-gno-as-locview-support", kNone, kDebugDetail, kGccOnly},
    {"-gno-codeview-command-line", kNone, kDebugDetail, kClangOnly},
    {"-gno-column-info", kNone, kDebugDetail},
    {"-gno-describe-dies", kNone, kDebugDetail, kGccOnly},
    {"-gno-embed-source", kNone, kDebugDetail, kClangOnly},
    {"-gno-gnu-pubnames", kNone, kDebugDetail},
    {"-gno-inline-line-tables", kNone, kDebugDetail, kClangOnly},
    {"-gno-inline-points", kNone, kDebugDetail, kGccOnly},
    {"-gno-internal-reset-location-views", kNone, kDebugDetail, kGccOnly},
    {"-gno-pubnames", kNone, kDebugDetail},
    {"-gno-record-command-line", kNone, kDebugDetail, kClangOnly},
    {"-gno-record-gcc-switches", kNone, kDebugDetail},
    {"-gno-simple-template-names", kNone, kDebugDetail, kClangOnly},
    {"-gno-statement-frontiers", kNone, kDebugDetail, kGccOnly},
    {"-gno-strict-dwarf", kNone, kDebugDetail},
    {"-gno-variable-location-views", kNone, kDebugDetail, kGccOnly},
    {"-gpubnames", kNone, kDebugDetail},
    {"-gsimple-template-names", kNone, kDebugDetail, kClangOnly},
    {"-gsimple-template-names=", kRest, kDebugDetail},
    {"-gsplit-dwarf", kNone, kSplitDwarf},
    {"-gstatement-frontiers", kNone, kDebugDetail, kGccOnly},
    {"-gstrict-dwarf", kNone, kDebugDetail},
    {"-gvariable-location-views", kNone, kDebugDetail, kGccOnly},
    {"-gvariable-location-views=", kRest, kDebugDetail},
    {"-gz", kNone, kDebugDetail},
    {"-gz=", kRest, kDebugDetail},
    {"-idirafter", kJoinedOrSeparate, kKey},
    {"-iframework", kJoinedOrSeparate, kKey, kClangOnly},
    {"-imacros", kJoinedOrSeparate, kKey},
    {"-include", kJoinedOrSeparate, kKey},
    {"-include-pch", kJoinedOrSeparate, kWordForWord},
    {"-index-store-path", kSeparate, kWordForWord},
    {"-integrated-as", kNone, kKey, kClangOnly},
    {"-iprefix", kJoinedOrSeparate, kKey},
    {"-iquote", kJoinedOrSeparate, kKey},
    {"-isysroot", kJoinedOrSeparate, kKey},
    {"-isystem", kJoinedOrSeparate, kKey},
    {"-isystem-after", kJoinedOrSeparate, kKey, kClangOnly},
    {"-iwithprefix", kJoinedOrSeparate, kKey},
    {"-iwithprefixbefore", kJoinedOrSeparate, kKey},
    {"-l", kJoinedOrSeparate, kKey},
    {"-lang-asm", kNone, kWordForWord},
    {"-m16", kNone, kKey},
    {"-m32", kNone, kKey},
    {"-m64", kNone, kKey},
    {"-mabi=", kRest, kKey},
    {"-mandroid", kNone, kKey},
    {"-march=", kRest, kMachine},
    {"-marm", kNone, kKey},
    {"-mbig-endian", kNone, kKey},
    {"-mbionic", kNone, kKey},
    {"-mcpu=", kRest, kMachine},
    {"-mfloat-abi=", kRest, kKey},
    {"-mfpu=", kRest, kKey},
    {"-mglibc", kNone, kKey},
    {"-miamcu", kNone, kKey},
    {"-mlittle-endian", kNone, kKey},
    {"-mllvm", kSeparate, kWordForWord},
    {"-mmcu=", kRest, kKey},
    {"-mmusl", kNone, kKey},
    {"-mthumb", kNone, kKey},
    {"-mtune=", kRest, kMachine},
    {"-muclibc", kNone, kKey},
    {"-mx32", kNone, kKey},
    {"-no-canonical-prefixes", kNone, kKey},
    {"-no-pie", kNone, kKey},
    {"-nobuiltininc", kNone, kKey, kClangOnly},
    {"-nodefaultlibs", kNone, kKey},
    {"-nolibc", kNone, kKey},
    {"-nostartfiles", kNone, kKey},
    {"-nostdinc", kNone, kKey},
    {"-nostdinc++", kNone, kKey},
    {"-nostdlib", kNone, kKey},
    {"-nostdlib++", kNone, kKey},
    {"-nostdlibinc", kNone, kKey, kClangOnly},
    {"-o", kJoinedOrSeparate, kOutput},
    {"-obj", kJoined, kWordForWord},
    {"-p", kNone, kKey},
    {"-pedantic", kNone, kKey},
    {"-pedantic-errors", kNone, kKey},
    {"-pg", kNone, kKey},
    {"-pie", kNone, kKey},
    {"-pipe", kNone, kKey},
    {"-pthread", kNone, kKey},
    {"-rdynamic", kNone, kKey},
    {"-resource-dir", kSeparate, kKey, kClangOnly},
    {"-resource-dir=", kRest, kKey},
    {"-rtlib=", kRest, kKey},
    {"-s", kNone, kKey},
    {"-shared", kNone, kKey},
    {"-shared-libgcc", kNone, kKey},
    {"-static", kNone, kKey},
    {"-static-libasan", kNone, kKey},
    {"-static-libgcc", kNone, kKey},
    {"-static-libstdc++", kNone, kKey},
    {"-static-libtsan", kNone, kKey},
    {"-static-libubsan", kNone, kKey},
    {"-static-pie", kNone, kKey},
    {"-std=", kRest, kKey},
    {"-stdlib++-isystem", kJoinedOrSeparate, kKey, kClangOnly},
    {"-stdlib=", kRest, kKey},
    {"-target", kSeparate, kKey, kClangOnly},
    {"-time", kRest, kReport},
    {"-trigraphs", kNone, kKey},
    {"-undef", kNone, kKey},
    {"-unwindlib=", kRest, kKey},
    {"-v", kNone, kWordForWord},
    {"-w", kNone, kKey},
    {"-wrapper", kSeparate, kWordForWord},
    {"-x", kJoinedOrSeparate, kLanguage},
    {"-z", kSeparate, kKey},
};

static_assert(std::ranges::is_sorted(kRows, {}, &OptionRow::spelling));

bool applies_to(const OptionRow& row, Family family) {
  return row.families == kBoth || (row.families == kGccOnly) == (family == Family::kGcc);
}

// The row read as the option of `word`, if its arity lets it.
std::optional<OptionMatch> match_row(const OptionRow& row, std::string_view word) {
  const std::string_view rest = word.substr(row.spelling.size());
  OptionMatch match{.option_class = row.option_class, .spelling = row.spelling, .value = {}};
  switch (row.arity) {
    case kNone:
      return rest.empty() ? std::optional(match) : std::nullopt;
    case kSeparate:
      match.takes_next = true;
      return rest.empty() ? std::optional(match) : std::nullopt;
    case kJoined:
      match.value = rest;
      return rest.empty() ? std::nullopt : std::optional(match);
    case kJoinedOrSeparate:
      match.takes_next = rest.empty();
      if (!rest.empty()) {
        match.value = rest;
      }
      return match;
    case kRest:
      match.value = rest;
      return match;
  }
  return std::nullopt;
}

std::size_t shared_length(std::string_view a, std::string_view b) {
  const auto [end, other] = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(end - a.begin());
}

// The longest spelling that begins `word` and fits it. Candidates sort at or before the word; a
// step back to the part shared with the last one skips all that cannot be a prefix.
std::optional<OptionMatch> find_row(Family family, std::string_view word) {
  std::string_view prefix = word;
  while (!prefix.empty()) {
    const auto after = std::ranges::upper_bound(kRows, prefix, {}, &OptionRow::spelling);
    if (after == std::begin(kRows)) {
      return std::nullopt;
    }
    const OptionRow& row = *(after - 1);
    if (prefix.starts_with(row.spelling)) {
      if (applies_to(row, family)) {
        if (auto match = match_row(row, word)) {
          return match;
        }
      }
      prefix = row.spelling.substr(0, row.spelling.size() - 1);
    } else {
      prefix = prefix.substr(0, shared_length(prefix, row.spelling));
    }
  }
  return std::nullopt;
}

// `name` follows -f or -m: "no-strict-aliasing", "visibility=hidden".
bool is_feature(const FeatureNames& names, std::string_view name) {
  const std::size_t equals = name.find('=');
  const std::string_view stem = name.substr(0, equals);
  const auto& list = equals == std::string_view::npos ? names.plain : names.valued;
  return std::ranges::binary_search(list, stem) ||
         (stem.starts_with("no-") && std::ranges::binary_search(list, stem.substr(3)));
}

// -Wname, -Wname=value. A comma would hand words to another program.
bool is_warning(std::string_view word) {
  return word.starts_with("-W") && word.find(',') == std::string_view::npos;
}

}  // namespace

std::span<const OptionRow> option_rows() {
  return kRows;
}

std::optional<OptionMatch> find_option(Family family, std::string_view word) {
  if (auto match = find_row(family, word)) {
    return match;
  }
  const bool known = (word.starts_with("-f") && is_feature(code_features(), word.substr(2))) ||
                     (word.starts_with("-m") && is_feature(machine_features(), word.substr(2))) ||
                     is_warning(word);
  if (!known) {
    return std::nullopt;
  }
  return OptionMatch{.option_class = kKey, .spelling = word, .value = {}};
}

}  // namespace zc::compiler::c
