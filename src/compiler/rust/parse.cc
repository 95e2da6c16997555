#include "compiler/rust/parse.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <set>

#include "base/result.h"
#include "base/str.h"
#include "compiler/rust/option_table.h"
#include "compiler/rust/output_names.h"

namespace zc::compiler::rust {

namespace {

// Words of a command with its argument files; a build has hundreds.
constexpr std::size_t kWordsMax = 100'000;

// What an argument of LLVM must not contain: some name files to read or write, or print.
constexpr std::array<std::string_view, 11> kLlvmUnsafe = {
    "/", "file", "dump", "load", "output", "path", "plugin", "print", "remark", "stat", "time",
};

// What rustc takes for yes and no; then the kinds that --json, -C split-debuginfo and -L know.
constexpr std::array<std::string_view, 8> kBooleans = {"y", "yes", "on",  "true",
                                                       "n", "no",  "off", "false"};
constexpr std::array<std::string_view, 6> kJsonParts = {
    "artifacts",       "diagnostic-rendered-ansi", "diagnostic-short",
    "future-incompat", "unused-externs",           "unused-externs-silent",
};
constexpr std::array<std::string_view, 3> kSplitKinds = {"off", "packed", "unpacked"};
constexpr std::array<std::string_view, 5> kSearchKinds = {"all", "crate", "dependency", "framework",
                                                          "native"};

bool is_one_of(std::string_view text, const auto& list) {
  return std::ranges::find(list, text) != list.end();
}

std::unexpected<Bypass> unsupported(std::string_view name, std::string_view value) {
  return bypass(Reason::kUnsupportedCompilerOption,
                value.empty() ? std::string(name) : str_cat(name, '=', value));
}

// rustc drops a type of library that the target cannot load, or fails.
bool can_load(const CrateTypeRow& row, TargetKind kind) {
  return kind == TargetKind::kLinux || (kind == TargetKind::kWasm && row.role == Role::kCdylib);
}

class CommandReader {
 public:
  void read(std::span<const std::string> words) {
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::string& word = words[i];
      if (!is_utf8(word)) {
        reject(Reason::kBadCompilerArguments, "UTF-8");
      } else if (word == "--") {
        sources_.insert(sources_.end(), words.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                        words.end());
        return;
      } else if (word.size() < 2 || word.front() != '-') {
        sources_.push_back(word);
      } else if (word.starts_with("--")) {
        read_long(words, i);
      } else {
        read_letters(words, i);
      }
    }
  }

  OrBypass<Invocation> finish() {
    // First of all: the key of a query holds all words as they are, understood or not.
    if (is_query_) {
      return bypass(Reason::kCalledForInformation);
    }
    TRY(understood_);
    TRY(check_messages());
    out_.caps_lints = saw(OptionClass::kCapLints);
    TRY(finish_source());
    TRY(finish_crate());
    TRY(finish_emits());
    TRY(name_outputs(naming_, out_));
    // A linker without a slash is found along PATH, which the run is observed to do.
    if (out_.linker.contains('/')) {
      out_.key_files.push_back(out_.linker);
    }
    return std::move(out_);
  }

 private:
  void read_long(std::span<const std::string> words, std::size_t& i) {
    const std::string_view word = words[i];
    const std::size_t equals = word.find('=');
    const OptionRow* row = find_option(word.substr(0, equals));
    if (row == nullptr || (!row->takes_value && equals != std::string_view::npos)) {
      return reject_option(word.substr(0, equals));
    }
    if (!row->takes_value) {
      take(*row, {});
    } else if (equals != std::string_view::npos) {
      take(*row, word.substr(equals + 1));
    } else if (i + 1 < words.size()) {
      take(*row, words[++i]);
    } else {
      reject(Reason::kBadCompilerArguments, word);
    }
  }

  // "-gO" is -g and -O; a letter that takes a value takes the rest of the word: "-Copt-level=3".
  void read_letters(std::span<const std::string> words, std::size_t& i) {
    const std::string_view word = words[i];
    for (std::size_t at = 1; at < word.size(); ++at) {
      const OptionRow* row = find_option(word[at]);
      if (row == nullptr) {
        return reject_option(word);
      }
      if (!row->takes_value) {
        take(*row, {});
      } else if (at + 1 < word.size()) {
        return take(*row, word.substr(at + 1));
      } else if (i + 1 < words.size()) {
        return take(*row, words[++i]);
      } else {
        return reject(Reason::kBadCompilerArguments, word);
      }
    }
  }

  void take(const OptionRow& row, std::string_view value) {
    if (!seen_rows_.insert(&row).second && !row.repeats) {
      reject(Reason::kBadCompilerArguments, row.name);
    }
    if (!is_utf8(value)) {
      reject(Reason::kBadCompilerArguments, row.name);
    }
    apply(row, value);
  }

  // What each class means stands here. Where that depends on the rest of the command, the steps of
  // finish() look whether the command has one.
  void apply(const OptionRow& row, std::string_view value) {
    using enum OptionClass;
    seen_classes_.set(static_cast<std::size_t>(row.option_class));
    switch (row.option_class) {
      case kKey:
      case kCapLints:
      case kTest:
        return add_key(row, value);
      case kInformation:
        is_query_ = true;
        return;
      case kLint:
        return add_lint(row, value);
      case kCodegen:
        return add_codegen(row, value);
      case kColour:
        return set_colour(row, value);
      case kCrateName:
        return set_crate_name(row, value);
      case kCrateType:
        return add_crate_types(row, value);
      case kEmit:
        return add_emits(row, value);
      case kErrorFormat:
        return set_error_format(row, value);
      case kExtern:
        return add_extern(row, value);
      case kJson:
        return set_json(row, value);
      case kOutDir:
        return set_out_dir(value);
      case kOutput:
        return set_output(row, value);
      case kSearchDir:
        return add_search_dir(row, value);
      case kTarget:
        return set_target(row, value);
      case kUnsupported:
        return reject_option(row.name, value.substr(0, value.find('=')));
    }
  }

  void add_key(const OptionRow& row, std::string_view value) {
    out_.key_args.push_back(row.takes_value ? str_cat(row.name, '\0', value)
                                            : std::string(row.name));
  }

  void add_crate_types(const OptionRow& row, std::string_view value) {
    for (const std::string_view word : split(value, ',')) {
      const std::string_view name = word == "lib" ? "rlib" : word;
      const auto rows = crate_type_rows();
      if (std::ranges::find(rows, name, &CrateTypeRow::name) == rows.end()) {
        reject_option(row.name, word);
      } else if (!is_one_of(name, out_.crate_types)) {
        out_.crate_types.emplace_back(name);
      }
    }
    add_key(row, value);
  }

  // The last --emit of a kind counts. Whether a kind has a path is in the key, because rustc warns
  // when -o has to serve several kinds that have none.
  void add_emits(const OptionRow& row, std::string_view value) {
    std::string kinds;
    for (const std::string_view word : split(value, ',')) {
      const std::size_t equals = word.find('=');
      const std::string name(word.substr(0, equals));
      const auto rows = emit_rows();
      if (std::ranges::find(rows, name, &EmitRow::name) == rows.end()) {
        reject_option(row.name, word);
        continue;
      }
      const bool has_path = equals != std::string_view::npos;
      naming_.emits[name] =
          has_path ? std::optional(std::string(word.substr(equals + 1))) : std::nullopt;
      str_append(kinds, kinds.empty() ? "" : ",", name, has_path ? "=" : "");
    }
    add_key(row, kinds);
  }

  void add_extern(const OptionRow& row, std::string_view value) {
    const std::size_t equals = value.find('=');
    const bool has_path = equals != std::string_view::npos;
    out_.externs.push_back({.spelling = std::string(value.substr(0, equals)),
                            .path = std::string(has_path ? value.substr(equals + 1) : "")});
    if (equals == 0 || (has_path && out_.externs.back().path.empty())) {
      reject(Reason::kBadCompilerArguments, row.name);
    }
    add_key(row, str_cat(out_.externs.back().spelling, has_path ? "=" : ""));
  }

  void add_lint(const OptionRow& row, std::string_view value) {
    is_query_ |= value == "help";
    add_key(row, value);
  }

  void add_search_dir(const OptionRow& row, std::string_view value) {
    const std::size_t equals = value.find('=');
    const bool has_kind =
        equals != std::string_view::npos && is_one_of(value.substr(0, equals), kSearchKinds);
    const SearchDirectory dir = {.kind = std::string(has_kind ? value.substr(0, equals) : "all"),
                                 .path = std::string(has_kind ? value.substr(equals + 1) : value)};
    if (dir.path.empty()) {
      reject(Reason::kBadCompilerArguments, row.name);
    }
    if (dir.path.starts_with('@')) {
      reject_option(row.name, dir.path);  // stands for a directory of the toolchain
    }
    add_key(row, dir.kind);
    out_.search_dirs.push_back(dir);
  }

  // "auto" colours by what the messages go to, and a second --color is an error.
  void set_colour(const OptionRow& row, std::string_view value) {
    if (value != "always" && value != "never") {
      reject_option(row.name, value);
    }
    add_key(row, value);
  }

  void set_crate_name(const OptionRow& row, std::string_view value) {
    out_.crate_name = value;
    if (value.empty()) {
      reject(Reason::kBadCompilerArguments, row.name);
    }
    add_key(row, value);
  }

  void set_error_format(const OptionRow& row, std::string_view value) {
    out_.json = value == "json";
    if (value != "json" && value != "human" && value != "short") {
      reject_option(row.name, value);
    }
    add_key(row, value);
  }

  void set_json(const OptionRow& row, std::string_view value) {
    for (const std::string_view part : split(value, ',')) {
      if (!is_one_of(part, kJsonParts)) {
        reject_option(row.name, part);
      }
      out_.artifact_notifications |= part == "artifacts";
    }
    add_key(row, value);
  }

  void set_out_dir(std::string_view value) { out_.out_dir = value; }

  // The name is in the key, since rustc warns about what -o overrides; the path is not.
  void set_output(const OptionRow& row, std::string_view value) {
    naming_.output = value;
    out_.key_args.emplace_back(row.name);
  }

  void set_target(const OptionRow& row, std::string_view value) {
    out_.target = value;
    if (find_target(value) == nullptr) {
      reject_option(row.name, value);
    }
    add_key(row, value);
  }

  // rustc takes underscores for dashes in the names of -C options, so the key has one spelling.
  void add_codegen(const OptionRow& row, std::string_view word) {
    const std::size_t equals = word.find('=');
    std::string name(word.substr(0, equals));
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view{} : word.substr(equals + 1);
    std::ranges::replace(name, '_', '-');
    if (name == "help" || value == "help") {
      is_query_ = true;
      return;
    }
    const CodegenRow* codegen = find_codegen(name);
    if (codegen == nullptr) {
      return reject_option(str_cat("-C ", name));
    }
    apply_codegen(*codegen, word, value);
    // The name of the directory that -C incremental fills does not enter the key.
    const bool joins =
        codegen->codegen_class != CodegenClass::kIncremental && equals != std::string_view::npos;
    add_key(row, joins ? str_cat(name, '=', value) : name);
  }

  void apply_codegen(const CodegenRow& row, std::string_view word, std::string_view value) {
    const auto accept_if = [&](bool understood) {
      if (!understood) {
        reject_option(str_cat("-C ", word));
      }
    };
    switch (row.codegen_class) {
      case CodegenClass::kKey:
        return;
      case CodegenClass::kCodegenUnits:
        has_units_ = value != "1";
        return;
      case CodegenClass::kExtraFilename:
        naming_.extra_filename = value;
        return;
      case CodegenClass::kIncremental:
        out_.incremental = true;
        out_.incremental_dir = value;
        return accept_if(!value.empty());
      case CodegenClass::kKeyFile:
        out_.key_files.emplace_back(value);
        return accept_if(!value.empty());
      case CodegenClass::kLinker:
        out_.linker = value;
        return accept_if(!value.empty());
      case CodegenClass::kLlvmArgs:
        return accept_if(std::ranges::none_of(
            kLlvmUnsafe, [&](std::string_view part) { return value.contains(part); }));
      case CodegenClass::kPluginLto:
        return accept_if(!word.contains('=') || is_one_of(value, kBooleans));
      case CodegenClass::kSplitDebuginfo:
        out_.splits_debug_info = value != "off";
        return accept_if(is_one_of(value, kSplitKinds));
      case CodegenClass::kTargetCpu:
        out_.native_cpu |= value == "native";
        return;
      case CodegenClass::kUnsupported:
        return accept_if(false);
    }
  }

  // rustc refuses these combinations.
  OrBypass<> check_messages() const {
    if (saw(OptionClass::kJson) && !out_.json) {
      return bypass(Reason::kBadCompilerArguments, "--json");
    }
    if (saw(OptionClass::kColour) && out_.json) {
      return bypass(Reason::kBadCompilerArguments, "--color");
    }
    return {};
  }

  OrBypass<> finish_source() {
    if (sources_.size() > 1) {
      return bypass(Reason::kMultipleSourceFiles, sources_[1]);
    }
    if (sources_.empty() || sources_.front().empty() || sources_.front() == "-") {
      return bypass(Reason::kNoInputFile, "-");
    }
    out_.source = sources_.front();
    if (!is_utf8(out_.source) || out_.source.find_first_of("\n\r") != std::string::npos) {
      return bypass(Reason::kDepfileNotUnderstood, out_.source);
    }
    return {};
  }

  OrBypass<> finish_crate() {
    const bool plain_name = std::ranges::all_of(out_.crate_name, [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
    });
    if (!plain_name) {
      return bypass(Reason::kBadCompilerArguments, out_.crate_name);
    }
    out_.test = saw(OptionClass::kTest);
    if (out_.test) {
      out_.crate_types = {"bin"};  // whatever --crate-type says
    }
    for (const CrateTypeRow& row : crate_type_rows()) {
      if (!is_one_of(row.name, out_.crate_types)) {
        continue;
      }
      if ((row.stands_alone && out_.crate_types.size() > 1) ||
          (row.is_shared && !can_load(row, target_kind_of(out_)))) {
        return unsupported("--crate-type", row.name);
      }
    }
    return {};
  }

  OrBypass<> finish_emits() {
    if (naming_.emits.empty()) {
      naming_.emits["link"] = std::nullopt;
    }
    if (naming_.emits.size() == 1 && naming_.emits.contains("dep-info")) {
      return bypass(Reason::kCalledForPreprocessing);
    }
    for (const EmitRow& row : emit_rows()) {
      if (row.is_per_unit && naming_.emits.contains(row.name) && (has_units_ || out_.incremental)) {
        return unsupported("--emit", row.name);
      }
    }
    if (naming_.output && saw(OptionClass::kOutDir)) {
      out_.key_args.emplace_back("--out-dir");  // rustc warns that it ignores the directory
    }
    return {};
  }

  // Whether the command has an option of this class.
  bool saw(OptionClass option_class) const {
    return seen_classes_.test(static_cast<std::size_t>(option_class));
  }

  // Keeps the first reason why the command is not understood.
  void reject(Reason reason, std::string_view detail) {
    if (understood_) {
      understood_ = bypass(reason, std::string(detail));
    }
  }
  void reject_option(std::string_view name, std::string_view value = {}) {
    if (understood_) {
      understood_ = unsupported(name, value);
    }
  }

  Invocation out_;
  Naming naming_;
  OrBypass<> understood_;
  std::vector<std::string> sources_;
  std::set<const OptionRow*> seen_rows_;
  std::bitset<kOptionClasses> seen_classes_;
  bool is_query_ = false;   // rustc prints something about itself instead of compiling
  bool has_units_ = false;  // several codegen units, or an unknown number of them
};

// Argument files do not nest: rustc takes their words as they are.
OrBypass<std::vector<std::string>> expand(std::span<const std::string> args,
                                          const ResponseFileReader& read_file) {
  std::vector<std::string> words;
  for (const std::string& arg : args) {
    if (!arg.starts_with('@')) {
      words.push_back(arg);
      continue;
    }
    const std::optional<std::string> text = read_file(std::string_view(arg).substr(1));
    const auto lines = text ? split_argument_file(*text) : std::nullopt;
    if (!lines || lines->size() + words.size() > kWordsMax) {
      return bypass(Reason::kUnsupportedResponseFile, arg);
    }
    words.insert(words.end(), lines->begin(), lines->end());
  }
  return words;
}

}  // namespace

std::optional<std::vector<std::string>> split_argument_file(std::string_view text) {
  // No other argument can hold a NUL; whether rustc ends a word at one is not modelled.
  if (!is_utf8(text) || text.contains('\0')) {
    return std::nullopt;
  }
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    const bool is_ended = end != std::string_view::npos;
    if (is_ended && line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    words.emplace_back(line);
    text.remove_prefix(is_ended ? end + 1 : text.size());
  }
  return words;
}

OrBypass<Invocation> parse(std::span<const std::string> args, const ResponseFileReader& read_file) {
  TRY_ASSIGN(const std::vector<std::string> words, expand(args, read_file));
  CommandReader reader;
  reader.read(words);
  return reader.finish();
}

}  // namespace zc::compiler::rust
