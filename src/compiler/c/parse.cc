#include "compiler/c/parse.h"

#include <algorithm>
#include <array>

#include "base/path.h"
#include "base/result.h"
#include "base/str.h"
#include "compiler/c/language.h"
#include "compiler/c/option_table.h"
#include "compiler/c/output_names.h"
#include "compiler/c/source_scan.h"

namespace zc::compiler::c {

namespace {

// Words of other programs that are known to have no effect beyond the object.
constexpr std::array<std::string_view, 6> kAssemblerWords = {
    "--noexecstack",
    "--32",
    "--64",
    "-mbranches-within-32B-boundaries",
    "-mrelax-relocations=no",
    "-mrelax-relocations=yes",
};
constexpr std::array<std::string_view, 2> kFrontEndWords = {"-disable-O0-optnone",
                                                            "-fno-pch-timestamp"};

enum class Debug : std::uint8_t { kOff, kBrief, kFull };

class CommandParser {
 public:
  CommandParser(Family family, bool is_cxx_driver)
      : family_(family), is_cxx_driver_(is_cxx_driver) {
    out_.family = family;
  }

  void read(const std::vector<std::string>& words);
  OrBypass<Invocation> finish();

 private:
  struct Input {
    std::string path;
    std::string_view language;  // value of the -x before it, or empty
  };

  void apply(const OptionMatch& option, std::string_view value);
  bool apply_mode(const OptionMatch& option, std::string_view value);
  bool apply_depfile(const OptionMatch& option, std::string_view value);
  bool apply_debug(const OptionMatch& option, std::string_view value);
  bool apply_words(const OptionMatch& option, std::string_view value);
  void apply_effect(const OptionMatch& option, std::string_view value);

  void add_key(const OptionMatch& option, std::string_view value);
  void add_search(const OptionMatch& option, std::string_view value);
  void set_output(const OptionMatch& option, std::string_view value);
  void set_language(const OptionMatch& option, std::string_view value);
  void check_macro(const OptionMatch& option, std::string_view value);

  OrBypass<> finish_source();
  OrBypass<> finish_outputs();
  OrBypass<> add_side_output(OutputRole role, std::string_view suffix);
  OrBypass<> finish_depfile();
  void finish_leaks();

  // Keeps the first reason why the command is not understood.
  void reject(Reason reason, std::string_view detail) {
    if (understood_) {
      understood_ = bypass(reason, std::string(detail));
    }
  }
  void reject_option(std::string_view word) {
    reject(Reason::kUnsupportedCompilerOption, word.substr(0, word.find('=')));
  }

  Family family_;
  bool is_cxx_driver_;
  Invocation out_;
  OrBypass<> understood_;
  std::vector<Input> inputs_;
  std::string language_;
  std::string object_;
  std::vector<NamedTarget> targets_;
  std::string_view depfile_option_;  // one that means nothing without -MD or -MMD
  bool compiles_ = false;
  bool assembles_ = false;
  bool preprocesses_ = false;
  Debug debug_ = Debug::kOff;
  bool debug_words_ = false;  // any -g… that a later -g0 did not take back
  bool debug_was_off_ = false;
  bool split_dwarf_ = false;
  bool coverage_notes_ = false;
  bool stack_usage_ = false;
  bool lto_ = false;
};

bool has_line_break(std::string_view text) {
  return text.find_first_of("\n\r") != std::string_view::npos;
}

void CommandParser::read(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word.size() < 2 || word.front() != '-') {
      inputs_.push_back({.path = word, .language = language_});
      continue;
    }
    const std::optional<OptionMatch> option = find_option(family_, word);
    if (!option) {
      reject_option(word);
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

void CommandParser::apply(const OptionMatch& option, std::string_view value) {
  if (!apply_mode(option, value) && !apply_depfile(option, value) && !apply_debug(option, value) &&
      !apply_words(option, value)) {
    apply_effect(option, value);
  }
}

bool CommandParser::apply_mode(const OptionMatch& option, std::string_view value) {
  switch (option.option_class) {
    case OptionClass::kCompile:
      compiles_ = true;
      add_key(option, value);
      return true;
    case OptionClass::kAssemble:
      assembles_ = true;
      add_key(option, value);
      return true;
    case OptionClass::kPreprocess:
      preprocesses_ = true;
      return true;
    case OptionClass::kOutput:
      set_output(option, value);
      return true;
    case OptionClass::kLanguage:
      set_language(option, value);
      return true;
    default:
      return false;
  }
}

bool CommandParser::apply_depfile(const OptionMatch& option, std::string_view value) {
  DepRequest& dep = out_.dep;
  const auto ask_for = [&](DepStyle style) {
    if (dep.style != DepStyle::kNone && dep.style != style) {
      reject_option(option.spelling);  // both: families differ in what they say about it
    }
    dep.style = style;
    return true;
  };
  const auto steer = [&] {
    depfile_option_ = option.spelling;
    if (value.empty() || has_line_break(value)) {
      reject(Reason::kBadCompilerArguments, option.spelling);
    }
    return true;
  };
  switch (option.option_class) {
    case OptionClass::kDepAll:
      return ask_for(DepStyle::kAll);
    case OptionClass::kDepUser:
      return ask_for(DepStyle::kUser);
    case OptionClass::kDepFile:
      dep.path = value;
      return steer();
    case OptionClass::kDepTarget:
    case OptionClass::kDepQuotedTarget:
      targets_.push_back({.text = std::string(value),
                          .quoted = option.option_class == OptionClass::kDepQuotedTarget});
      return steer();
    case OptionClass::kDepPhony:
      dep.phony = true;
      depfile_option_ = option.spelling;
      return true;
    default:
      return false;
  }
}

bool CommandParser::apply_debug(const OptionMatch& option, std::string_view value) {
  switch (option.option_class) {
    case OptionClass::kDebug:
      debug_ = Debug::kFull;
      break;
    case OptionClass::kDebugBrief:
      debug_ = Debug::kBrief;
      break;
    case OptionClass::kDebugOff:
      debug_ = Debug::kOff;
      debug_was_off_ = true;
      break;
    case OptionClass::kSplitDwarf:
      split_dwarf_ = true;
      break;
    case OptionClass::kDebugDetail:
      break;
    default:
      return false;
  }
  debug_words_ = option.option_class != OptionClass::kDebugOff;
  add_key(option, value);
  return true;
}

// Options whose value is for another program.
bool CommandParser::apply_words(const OptionMatch& option, std::string_view value) {
  const auto all_of = [&](const auto& accept) {
    for (const std::string_view word : split(value, ',')) {
      if (!accept(word)) {
        reject(Reason::kUnsupportedCompilerOption, str_cat(option.spelling, value));
      }
    }
    add_key(option, value);
    return true;
  };
  switch (option.option_class) {
    case OptionClass::kAssemblerWords:
      out_.cwd_leaks = true;
      return all_of([](std::string_view word) {
        return std::ranges::find(kAssemblerWords, word) != kAssemblerWords.end();
      });
    case OptionClass::kPreprocessorWords:
      check_macro(option, value);
      return all_of([](std::string_view word) {
        return word.size() > 2 && (word.starts_with("-D") || word.starts_with("-U"));
      });
    case OptionClass::kFrontEndWord:
      return all_of([](std::string_view word) {
        return std::ranges::find(kFrontEndWords, word) != kFrontEndWords.end();
      });
    default:
      return false;
  }
}

void CommandParser::apply_effect(const OptionMatch& option, std::string_view value) {
  switch (option.option_class) {
    case OptionClass::kUnsupported:
      reject_option(option.spelling);
      break;
    case OptionClass::kMachine:
      out_.native_cpu |= value == "native";
      add_search(option, value);
      break;
    case OptionClass::kSearch:
      add_search(option, value);
      break;
    case OptionClass::kMacro:
      check_macro(option, value);
      break;
    case OptionClass::kForcedInclude:
      if (family_ != Family::kGcc) {
        out_.must_be_absent.push_back(str_cat(value, ".pch"));
        out_.must_be_absent.push_back(str_cat(value, ".gch"));
      }
      break;
    case OptionClass::kColour:
      out_.colour_is_explicit = true;
      break;
    case OptionClass::kKeyFile:
      out_.key_files.emplace_back(value);
      break;
    case OptionClass::kLto:
      lto_ = true;
      break;
    case OptionClass::kCwdLeaks:
      out_.cwd_leaks = true;
      break;
    case OptionClass::kCoverage:
      coverage_notes_ = true;
      [[fallthrough]];
    case OptionClass::kProfileArcs:
      out_.cwd_leaks = true;
      out_.output_name_leaks = true;
      break;
    case OptionClass::kCoverageNotes:
      coverage_notes_ = true;
      out_.cwd_leaks = true;
      break;
    case OptionClass::kStackUsage:
      stack_usage_ = true;
      break;
    default:
      break;
  }
  add_key(option, value);
}

void CommandParser::add_key(const OptionMatch& option, std::string_view value) {
  const bool joins = option.takes_next || option.value;
  out_.key_args.push_back(joins ? str_cat(option.spelling, '\0', value)
                                : std::string(option.spelling));
  if (option.takes_next) {
    out_.driver_args.insert(out_.driver_args.end(),
                            {std::string(option.spelling), std::string(value)});
  } else {
    out_.driver_args.push_back(str_cat(option.spelling, option.value ? value : std::string_view{}));
  }
}

void CommandParser::add_search(const OptionMatch& option, std::string_view value) {
  if (option.takes_next && option.spelling != "-B") {
    out_.search_args.emplace_back(option.spelling);
    out_.search_args.emplace_back(value);
  } else {
    out_.search_args.push_back(str_cat(option.spelling, value));
  }
}

void CommandParser::set_output(const OptionMatch& option, std::string_view value) {
  if (!object_.empty()) {
    reject_option(option.spelling);  // several
  } else if (value.empty() || has_line_break(value)) {
    reject(Reason::kBadCompilerArguments, option.spelling);
  } else if (value == "-") {
    reject(Reason::kOutputToStdout, value);
  }
  object_ = value;
}

void CommandParser::set_language(const OptionMatch& option, std::string_view value) {
  // Several, or one after the source, which it does not apply to.
  if (!language_.empty() || !inputs_.empty() || value.empty() || value == "none") {
    reject_option(option.spelling);
  }
  language_ = value;
  add_key(option, value);
}

// A macro may hide what the scan of the sources looks for.
void CommandParser::check_macro(const OptionMatch& option, std::string_view value) {
  const ScanFacts facts = scan_source(value);
  if (facts.time_macro || facts.date_macro || facts.timestamp_macro || facts.time_macro_part ||
      facts.time_word || facts.closing_underscores || facts.incbin || facts.embed ||
      facts.has_include_computed || has_line_break(value)) {
    reject(Reason::kUnsupportedCodeDirective, str_cat(option.spelling, value));
  }
}

OrBypass<> CommandParser::finish_source() {
  if (inputs_.size() > 1) {
    return bypass(Reason::kMultipleSourceFiles, inputs_[1].path);
  }
  if (inputs_.empty() || inputs_.front().path.empty() || inputs_.front().path == "-") {
    return bypass(Reason::kNoInputFile, "-");
  }
  const Input& input = inputs_.front();
  out_.source = input.path;
  const std::optional<Language> language =
      input.language.empty() ? language_of_file(family_, is_cxx_driver_, input.path)
                             : language_of_name(input.language);
  if (!language) {
    return bypass(Reason::kUnsupportedSourceLanguage,
                  input.language.empty() ? input.path : std::string(input.language));
  }
  out_.language = *language;
  const bool clang_alters_path = family_ != Family::kGcc && input.path.contains('\\');
  if (has_line_break(input.path) || clang_alters_path) {
    return bypass(Reason::kDepfileNotUnderstood, input.path);
  }
  if (base_name(input.path).starts_with('.')) {
    return bypass(Reason::kUnsupportedSourceLanguage, input.path);
  }
  return {};
}

OrBypass<> CommandParser::finish_outputs() {
  const std::string_view suffix = assembles_ ? ".s" : ".o";
  out_.outputs.push_back({.role = OutputRole::kObject,
                          .path = object_.empty() ? default_output(out_.source, suffix) : object_});
  // gcc takes -gsplit-dwarf for -g; clang writes no .dwo unless there is debug information.
  if (split_dwarf_ && (debug_was_off_ || debug_ == Debug::kBrief)) {
    return bypass(Reason::kUnsupportedCompilerOption, "-gsplit-dwarf");
  }
  if (split_dwarf_ && (family_ == Family::kGcc || debug_ == Debug::kFull)) {
    TRY(add_side_output(OutputRole::kDwo, ".dwo"));
    out_.output_name_leaks = true;
  }
  if (coverage_notes_) {
    TRY(add_side_output(OutputRole::kGcno, ".gcno"));
    out_.output_name_leaks = true;
  }
  if (stack_usage_) {
    TRY(add_side_output(OutputRole::kStackUsage, ".su"));
  }
  return {};
}

// Beside anything but an object, compilers differ in whether they write one.
OrBypass<> CommandParser::add_side_output(OutputRole role, std::string_view suffix) {
  if (assembles_ || lto_ || out_.language == Language::kAssemblerWithCpp) {
    return bypass(Reason::kUnsupportedCompilerOption, std::string(suffix));
  }
  out_.outputs.push_back(
      {.role = role, .path = side_output(family_, object_, out_.source, suffix)});
  return {};
}

OrBypass<> CommandParser::finish_depfile() {
  DepRequest& dep = out_.dep;
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
  dep.targets = dependency_targets(family_, targets_, object_, out_.source);
  return {};
}

void CommandParser::finish_leaks() {
  out_.cwd_leaks |= debug_words_ || lto_ || out_.language == Language::kAssemblerWithCpp;
}

OrBypass<Invocation> CommandParser::finish() {
  if (preprocesses_) {
    return bypass(Reason::kCalledForPreprocessing);
  }
  if (!compiles_ && !assembles_ && !(inputs_.empty() && !understood_)) {
    return bypass(Reason::kCalledForLink);
  }
  TRY(understood_);
  TRY(finish_source());
  TRY(finish_outputs());
  TRY(finish_depfile());
  finish_leaks();
  return std::move(out_);
}

}  // namespace

OrBypass<Invocation> parse(Family family, bool is_cxx_driver, std::span<const std::string> args,
                           const ResponseFileReader& read_file) {
  TRY_ASSIGN(const std::vector<std::string> words, expand_response_files(args, read_file));
  CommandParser parser(family, is_cxx_driver);
  parser.read(words);
  return parser.finish();
}

}  // namespace zc::compiler::c
