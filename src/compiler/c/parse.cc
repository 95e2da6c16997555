#include "compiler/c/parse.h"

#include <algorithm>
#include <array>
#include <bitset>

#include "base/path.h"
#include "base/result.h"
#include "base/str.h"
#include "compiler/c/language.h"
#include "compiler/c/option_table.h"
#include "compiler/c/output_names.h"
#include "compiler/c/path_words.h"

namespace zc::compiler::c {

namespace {

// Words for other programs that have no effect beyond the object, and name no directory in it.
constexpr std::array<std::string_view, 10> kHarmlessAssemblerWords = {
    "--32",
    "--64",
    "--fatal-warnings",
    "--no-warn",
    "--noexecstack",
    "-W",
    "-mbig-obj",
    "-mbranches-within-32B-boundaries",
    "-mno-warn-deprecated",
    "-mthumb",
};
// ... whatever their value.
constexpr std::array<std::string_view, 8> kHarmlessAssemblerValues = {"-mabi=",
                                                                      "-march=",
                                                                      "-mcpu=",
                                                                      "-mfloat-abi=",
                                                                      "-mfpu=",
                                                                      "-mimplicit-it=",
                                                                      "-mrelax-relocations=",
                                                                      "-mtune="};
constexpr std::array<std::string_view, 2> kHarmlessFrontEndWords = {"-disable-O0-optnone",
                                                                    "-fno-pch-timestamp"};

bool is_assembler_word(std::string_view word) {
  return std::ranges::find(kHarmlessAssemblerWords, word) != kHarmlessAssemblerWords.end() ||
         (!word.ends_with("=native") &&
          std::ranges::any_of(kHarmlessAssemblerValues,
                              [&](std::string_view option) { return word.starts_with(option); }));
}

bool is_front_end_word(std::string_view word) {
  return std::ranges::find(kHarmlessFrontEndWords, word) != kHarmlessFrontEndWords.end();
}

bool is_report_word(std::string_view word) {
  return word == "-print-stats";
}

// Answered by the driver itself. Beside a source it is an option like others: the run shows what it
// does.
bool is_query(std::string_view word) {
  constexpr std::array<std::string_view, 8> kWhole = {
      "--help",       "--target-help", "--version",    "-dumpfullversion",
      "-dumpmachine", "-dumpspecs",    "-dumpversion", "--print-supported-cpus"};
  constexpr std::array<std::string_view, 3> kBegins = {"--help=", "--print-", "-print-"};
  return std::ranges::find(kWhole, word) != kWhole.end() ||
         std::ranges::any_of(kBegins,
                             [&](std::string_view begin) { return word.starts_with(begin); });
}

bool is_macro_word(std::string_view word) {
  return word.size() > 2 && (word.starts_with("-D") || word.starts_with("-U"));
}

bool has_line_break(std::string_view text) {
  return text.find_first_of("\n\r") != std::string_view::npos;
}

enum class Debug : std::uint8_t { kOff, kBrief, kFull };

class CommandParser {
 public:
  CommandParser(Family family, bool is_cxx_driver)
      : family_(family), is_cxx_driver_(is_cxx_driver) {
    out_.family = family;
  }

  void read(const std::vector<std::string>& words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (word.size() < 2 || word.front() != '-') {
        inputs_.push_back({.path = word, .language = language_});
        continue;
      }
      is_query_ |= is_query(word);
      const std::optional<OptionMatch> option = find_option(family_, word);
      if (!option) {
        out_.is_word_for_word = true;
        unknown_ = unknown_.empty() ? std::string_view(word) : unknown_;
        continue;
      }
      std::string_view value = option->value.value_or(std::string_view{});
      if (option->takes_next) {
        if (i + 1 == words.size()) {
          reject(Reason::kBadCompilerArguments, word);
          return;
        }
        value = words[++i];
      }
      apply(*option, value);
    }
  }

  OrBypass<Invocation> finish() {
    using enum OptionClass;
    if (never_) {
      return std::unexpected(*never_);
    }
    if (saw(kPreprocess)) {
      return bypass(Reason::kCalledForPreprocessing);
    }
    if (!saw(kCompile) && !saw(kAssemble)) {
      return !inputs_.empty() ? bypass(Reason::kCalledForLink)
             : is_query_      ? bypass(Reason::kCalledForInformation)
                              : bypass(Reason::kNoInputFile);
    }
    TRY(understood_);
    TRY(finish_source());
    TRY(finish_outputs());
    TRY(finish_depfile());
    finish_leaks();
    finish_paths();
    if (out_.is_word_for_word) {
      finish_word_for_word();
    }
    return std::move(out_);
  }

 private:
  struct Input {
    std::string path;
    std::string language;  // value of the -x before it, or empty
  };

  // What each class means stands here. Where that depends on the rest of the command, the option
  // only enters the key, and the steps of finish() look whether the command has one.
  void apply(const OptionMatch& option, std::string_view value) {
    using enum OptionClass;
    seen_.set(static_cast<std::size_t>(option.option_class));
    switch (option.option_class) {
      case kKey:
      case kCompile:
      case kAssemble:
      case kCwdLeaks:
      case kLto:
      case kProfileArcs:
      case kCoverageNotes:
      case kCoverage:
      case kStackUsage:
        return add_key(option, value);
      case kProgramDirectory:
        return add_program_directory(option, value);
      case kMachine:
        return add_machine(option, value);
      case kKeyFile:
        return add_key_file(option, value);
      case kPreprocess:
        return;
      case kOutput:
        return set_output(option, value);
      case kLanguage:
        return set_language(option, value);
      case kDepAll:
        return request_depfile(option, DepStyle::kAll);
      case kDepUser:
        return request_depfile(option, DepStyle::kUser);
      case kDepFile:
        return set_depfile(option, value);
      case kDepTarget:
        return add_target(option, value, false);
      case kDepQuotedTarget:
        return add_target(option, value, true);
      case kDepPhony:
        return set_phony(option);
      case kDebug:
        return add_debug(option, value, Debug::kFull);
      case kDebugBrief:
        return add_debug(option, value, Debug::kBrief);
      case kDebugOff:
        return add_debug(option, value, Debug::kOff);
      case kDebugDetail:
      case kSplitDwarf:
        return add_debug_detail(option, value);
      case kAssemblerWords:
        return add_words(option, value, is_assembler_word);
      case kPreprocessorWords:
        return add_preprocessor_words(option, value);
      case kFrontEndWord:
        return add_words(option, value, is_front_end_word);
      case kWordForWord:
        out_.is_word_for_word = true;
        return;
      case kReport:
        return leave_alone(Reason::kCalledForInformation, option.spelling);
      case kDescriptor:
        return leave_alone(Reason::kOpenDescriptors, option.spelling);
    }
  }

  void add_key(const OptionMatch& option, std::string_view value) {
    const bool joins = option.takes_next || option.value;
    out_.key_args.push_back(joins ? str_cat(option.spelling, '\0', value)
                                  : std::string(option.spelling));
  }

  // Joined to one word, since the driver runs with it alone as well (engine/c/toolchain.h).
  void add_program_directory(const OptionMatch& option, std::string_view value) {
    out_.program_search_args.push_back(str_cat(option.spelling, value));
    add_key(option, value);
  }

  void add_machine(const OptionMatch& option, std::string_view value) {
    out_.native_cpu |= value == "native";
    add_key(option, value);
  }

  void add_key_file(const OptionMatch& option, std::string_view value) {
    out_.key_files.emplace_back(value);
    add_key(option, value);
  }

  void add_debug(const OptionMatch& option, std::string_view value, Debug level) {
    debug_ = level;
    has_debug_words_ = level != Debug::kOff;
    add_key(option, value);
  }

  void add_debug_detail(const OptionMatch& option, std::string_view value) {
    has_debug_words_ = true;
    add_key(option, value);
  }

  void set_output(const OptionMatch& option, std::string_view value) {
    if (!object_.empty()) {
      reject_option(option.spelling);  // a second -o
    } else if (value.empty() || has_line_break(value)) {
      reject(Reason::kBadCompilerArguments, option.spelling);
    } else if (value == "-") {
      reject(Reason::kOutputToStdout, value);
    }
    object_ = value;
  }

  void set_language(const OptionMatch& option, std::string_view value) {
    // A second -x, or one after the source: it does not apply to that.
    if (!language_.empty() || !inputs_.empty() || value.empty() || value == "none") {
      reject_option(option.spelling);
    }
    language_ = value;
    add_key(option, value);
  }

  void request_depfile(const OptionMatch& option, DepStyle style) {
    if (out_.dep.style != DepStyle::kNone && out_.dep.style != style) {
      reject_option(option.spelling);  // both: gcc and clang disagree about the list
    }
    out_.dep.style = style;
  }

  void set_depfile(const OptionMatch& option, std::string_view value) {
    check_depfile_value(option, value);
    out_.dep.path = value;
  }

  void add_target(const OptionMatch& option, std::string_view value, bool quoted) {
    check_depfile_value(option, value);
    targets_.push_back({.text = std::string(value), .quoted = quoted});
  }

  void set_phony(const OptionMatch& option) {
    depfile_option_ = option.spelling;
    out_.dep.phony = true;
  }

  // Words that the driver hands to another program.
  void add_words(const OptionMatch& option, std::string_view value,
                 bool (*is_harmless)(std::string_view word)) {
    for (const std::string_view word : split(value, ',')) {
      if (is_report_word(word)) {
        leave_alone(Reason::kCalledForInformation, word);
      }
      out_.is_word_for_word |= !is_harmless(word);
    }
    add_key(option, value);
  }

  // -Wp,-MD,file and -Wp,-MMD,file, as the Linux kernel types it: clang takes them for its own -MD
  // and -MF, and the preprocessor of gcc for a depfile without a target.
  void add_preprocessor_words(const OptionMatch& option, std::string_view value) {
    const std::vector<std::string_view> words = split(value, ',');
    const bool is_all = words.front() == "-MD";
    if (words.size() != 2 || words[1].empty() || (!is_all && words.front() != "-MMD")) {
      return add_words(option, value, is_macro_word);
    }
    if (has_depfile_of_preprocessor_) {
      reject_option(option.spelling);
    }
    has_depfile_of_preprocessor_ = true;
    check_depfile_value(option, words[1]);
    out_.dep.style = is_all ? DepStyle::kAll : DepStyle::kUser;
    out_.dep.path = words[1];
  }

  void check_depfile_value(const OptionMatch& option, std::string_view value) {
    depfile_option_ = option.spelling;
    if (value.empty() || has_line_break(value)) {
      reject(Reason::kBadCompilerArguments, option.spelling);
    }
  }

  OrBypass<> finish_source() {
    if (inputs_.size() > 1 && !unknown_.empty()) {
      // One of them may be its value.
      return bypass(Reason::kUnsupportedCompilerOption, std::string(name_of(unknown_)));
    }
    if (inputs_.size() > 1) {
      return bypass(Reason::kMultipleSourceFiles, inputs_[1].path);
    }
    if (inputs_.empty() || inputs_.front().path.empty() || inputs_.front().path == "-") {
      return bypass(inputs_.empty() ? Reason::kNoInputFile : Reason::kStandardInput, "-");
    }
    const Input& input = inputs_.front();
    out_.source = input.path;
    const std::optional<Language> language =
        input.language.empty() ? language_of_file(family_, is_cxx_driver_, input.path)
                               : language_of_name(input.language);
    if (!language) {
      return bypass(Reason::kUnsupportedSourceLanguage,
                    input.language.empty() ? input.path : input.language);
    }
    out_.language = *language;
    if (*language == Language::kAssembler && saw(OptionClass::kAssemble)) {
      return bypass(Reason::kUnsupportedSourceLanguage, "-S");  // there is nothing to do
    }
    const bool clang_alters_path = family_ != Family::kGcc && input.path.contains('\\');
    if (has_line_break(input.path) || clang_alters_path) {
      return bypass(Reason::kDepfileNotUnderstood, input.path);
    }
    if (base_name(input.path).starts_with('.')) {
      return bypass(Reason::kUnsupportedSourceLanguage, input.path);
    }
    return {};
  }

  OrBypass<> finish_outputs() {
    using enum OptionClass;
    out_.emits_assembly = saw(kAssemble);
    const std::string_view suffix = out_.emits_assembly ? ".s" : ".o";
    out_.outputs.push_back(
        {.role = OutputRole::kObject,
         .path = object_.empty() ? default_output(out_.source, suffix) : object_});
    // gcc takes -gsplit-dwarf for -g; clang writes no .dwo unless there is debug information.
    if (saw(kSplitDwarf) && (saw(kDebugOff) || debug_ == Debug::kBrief)) {
      return bypass(Reason::kUnsupportedCompilerOption, "-gsplit-dwarf");
    }
    if (saw(kSplitDwarf) && (family_ == Family::kGcc || debug_ == Debug::kFull)) {
      TRY(add_side_output(OutputRole::kDwo, ".dwo"));
    }
    if (saw(kCoverageNotes) || saw(kCoverage)) {
      TRY(add_side_output(OutputRole::kGcno, ".gcno"));
    }
    if (saw(kStackUsage)) {
      TRY(add_side_output(OutputRole::kStackUsage, ".su"));
    }
    return {};
  }

  // Certain only beside an object of C or C++ that is machine code.
  OrBypass<> add_side_output(OutputRole role, std::string_view suffix) {
    if (out_.emits_assembly || saw(OptionClass::kLto) ||
        out_.language == Language::kAssemblerWithCpp || out_.language == Language::kAssembler) {
      return bypass(Reason::kUnsupportedCompilerOption, std::string(suffix));
    }
    out_.outputs.push_back(
        {.role = role, .path = side_output(family_, object_, out_.source, suffix)});
    return {};
  }

  OrBypass<> finish_depfile() {
    DepRequest& dep = out_.dep;
    const bool asks_twice = saw(OptionClass::kDepAll) || saw(OptionClass::kDepUser) ||
                            saw(OptionClass::kDepFile) || saw(OptionClass::kDepTarget) ||
                            saw(OptionClass::kDepQuotedTarget) || saw(OptionClass::kDepPhony);
    if (has_depfile_of_preprocessor_ && asks_twice) {
      return bypass(Reason::kUnsupportedCompilerOption, "-Wp,");
    }
    if (dep.style == DepStyle::kNone) {
      if (!depfile_option_.empty()) {
        // It would steer the depfile that the cache itself requests.
        return bypass(Reason::kUnsupportedCompilerOption, std::string(depfile_option_));
      }
      return {};
    }
    if (dep.path == "-") {
      return bypass(Reason::kOutputToStdout, "-MF");
    }
    if (dep.path.empty()) {
      dep.path = default_depfile(object_, out_.source);
    }
    const bool has_default_target = has_depfile_of_preprocessor_ && family_ == Family::kGcc;
    dep.targets =
        dependency_targets(family_, targets_, has_default_target ? "" : object_, out_.source);
    return {};
  }

  // Names that the compiler writes into the object.
  void finish_leaks() {
    using enum OptionClass;
    const auto has_output = [&](OutputRole role) {
      return std::ranges::find(out_.outputs, role, &OutputFile::role) != out_.outputs.end();
    };
    const bool names_profile = saw(kProfileArcs) || saw(kCoverage);
    const bool has_notes = has_output(OutputRole::kGcno);
    out_.cwd_leaks = has_debug_words_ || names_profile || has_notes || saw(kCwdLeaks) ||
                     saw(kLto) || out_.language == Language::kAssemblerWithCpp;
    out_.output_name_leaks = names_profile || has_notes || has_output(OutputRole::kDwo);
  }

  // Profiles and sanitizers hash names of files; -B, plugins and words for other programs may have
  // any of them at work.
  void finish_paths() {
    using enum OptionClass;
    constexpr std::array kHiding = {
        kCoverage,    kCoverageNotes,    kCwdLeaks,       kFrontEndWord,      kKeyFile,   kLto,
        kProfileArcs, kProgramDirectory, kAssemblerWords, kPreprocessorWords, kSplitDwarf};
    const bool is_of_c = out_.language == Language::kC || out_.language == Language::kCxx;
    out_.is_remappable =
        is_of_c && !out_.is_word_for_word &&
        std::ranges::none_of(kHiding, [&](OptionClass hiding) { return saw(hiding); }) &&
        std::ranges::none_of(out_.key_args, hides_paths);
  }

  // Nothing but the directory is left out of the words.
  void finish_word_for_word() {
    if (out_.dep.style != DepStyle::kNone) {
      out_.outputs.push_back({.role = OutputRole::kDepfile, .path = out_.dep.path});
      out_.dep = {};
    }
    out_.cwd_leaks = true;
    out_.native_cpu = true;
  }

  // Whether the command has an option of this class.
  bool saw(OptionClass option_class) const {
    return seen_.test(static_cast<std::size_t>(option_class));
  }

  // Whatever else it does: it keeps the first such reason.
  void leave_alone(Reason reason, std::string_view option) {
    if (!never_) {
      never_ = Bypass{.reason = reason, .detail = std::string(option)};
    }
  }

  // Keeps the first reason why the command is not understood.
  void reject(Reason reason, std::string_view detail) {
    if (understood_) {
      understood_ = bypass(reason, std::string(detail));
    }
  }
  void reject_option(std::string_view word) {
    reject(Reason::kUnsupportedCompilerOption, name_of(word));
  }
  static std::string_view name_of(std::string_view word) { return word.substr(0, word.find('=')); }

  Family family_;
  bool is_cxx_driver_;
  Invocation out_;
  OrBypass<> understood_;
  std::bitset<kOptionClasses> seen_;
  std::vector<Input> inputs_;
  std::string language_;
  std::string object_;
  std::vector<NamedTarget> targets_;
  std::string_view unknown_;     // the first option without a row
  std::optional<Bypass> never_;  // why no run of the command can be kept
  bool has_depfile_of_preprocessor_ = false;
  std::string_view depfile_option_;  // the last that has no meaning without -MD or -MMD
  Debug debug_ = Debug::kOff;
  bool is_query_ = false;         // of the driver, if there is no source
  bool has_debug_words_ = false;  // any -g… that a later -g0 did not take back
};

}  // namespace

bool is_shown_by_run(Reason reason) {
  constexpr std::array kShown = {
      Reason::kBadOutputFile,
      Reason::kCalledForLink,
      Reason::kCalledForPreprocessing,
      Reason::kDepfileNotUnderstood,
      Reason::kMultipleSourceFiles,
      Reason::kOutputToStdout,
      Reason::kStandardInput,
      Reason::kUnsupportedCompilerOption,
      Reason::kUnsupportedSourceLanguage,
  };
  return std::ranges::find(kShown, reason) != kShown.end();
}

OrBypass<Invocation> parse(Family family, bool is_cxx_driver, std::span<const std::string> args,
                           const ResponseFileReader& read_file) {
  TRY_ASSIGN(const std::vector<std::string> words, expand_response_files(args, read_file));
  CommandParser parser(family, is_cxx_driver);
  parser.read(words);
  TRY_ASSIGN(Invocation out, parser.finish());
  if (out.is_word_for_word) {
    out.key_args = words;
  }
  return out;
}

}  // namespace zc::compiler::c
