#include "compiler/rust/output_names.h"

#include <algorithm>
#include <array>

#include "base/path.h"
#include "base/str.h"
#include "compiler/rust/option_table.h"

namespace zc::compiler::rust {

namespace {

constexpr std::string_view kLink = "link";
constexpr std::string_view kDepInfo = "dep-info";
constexpr std::string_view kMetadata = "metadata";
constexpr std::string_view kMetadataExtension = ".rmeta";
constexpr std::string_view kWasmExtension = ".wasm";

// The order of the rules before rustc sorted them by name.
constexpr std::array<std::string_view, 8> kEarlyOrder = {
    "llvm-bc", "asm", "llvm-ir", "mir", "metadata", "obj", "link", "dep-info",
};

const CrateTypeRow* crate_type_row(std::string_view name) {
  const auto rows = crate_type_rows();
  const auto row = std::ranges::find(rows, name, &CrateTypeRow::name);
  return row == rows.end() ? nullptr : &*row;
}

// Whether all ways to take the path apart agree on its directory.
bool is_plain_path(std::string_view path) {
  return !path.empty() && !path.ends_with('/') && path.find("//") == std::string_view::npos &&
         path.find("/.") == std::string_view::npos;
}

class Namer {
 public:
  Namer(const Naming& naming, Invocation& invocation) : naming_(naming), invocation_(invocation) {}

  OrBypass<> run() {
    if (!find_directory_and_stem()) {
      return bypass(Reason::kBadOutputFile, stem_);
    }
    if (names_depend_on_source() || (adapted_ && invocation_.crate_name.empty())) {
      return bypass(Reason::kUnsupportedCompilerOption,
                    invocation_.crate_name.empty() ? "--crate-name" : "--crate-type");
    }
    for (const EmitRow& emit : emit_rows()) {
      if (!naming_.emits.contains(emit.name)) {
        continue;
      }
      if (emit.name == kLink) {
        add_links(emit);
        continue;
      }
      std::string path = path_of(emit);
      if (emit.role == Role::kDepInfo) {
        invocation_.dep_info = path;
      }
      rules_.push_back({.emit = emit.name, .target = path});
      invocation_.outputs.push_back(
          {.role = emit.role, .path = std::move(path), .emit = std::string(emit.name)});
    }
    name_dep_targets();
    return check_paths();
  }

 private:
  // Of the dep-info file.
  struct Rule {
    std::string_view emit;
    std::string target;
  };

  bool find_directory_and_stem() {
    const auto unnamed =
        std::ranges::count_if(naming_.emits, [](const auto& e) { return !e.second; });
    exact_ = naming_.output && unnamed <= 1;
    adapted_ = naming_.output && unnamed > 1;
    directory_ = invocation_.out_dir;
    stem_ = invocation_.crate_name;
    if (adapted_) {
      const std::string_view path = *naming_.output;
      const std::string_view name = base_name(path);
      if (!is_plain_path(path)) {
        return false;
      }
      directory_ = path.substr(0, path.size() - name.size());
      if (directory_.size() > 1) {
        directory_.pop_back();
      }
      stem_ = strip_extension(name);
    }
    stem_ += naming_.extra_filename;
    crate_stem_ = invocation_.crate_name + naming_.extra_filename;
    return exact_ || (stem_.find('.') == std::string::npos &&
                      naming_.extra_filename.find('/') == std::string::npos);
  }

  // The source may give the crate a name and a type when the command does not.
  bool names_depend_on_source() const {
    if (exact_) {
      return false;
    }
    const bool links = naming_.emits.contains(kLink);
    const bool all_named =
        std::ranges::all_of(naming_.emits, [](const auto& e) { return !!e.second; });
    const bool has_rules = naming_.emits.contains(kDepInfo);
    if (all_named && !(links && has_rules)) {
      return false;
    }
    return invocation_.crate_name.empty() || (links && invocation_.crate_types.empty());
  }

  // Metadata is named like a library, whatever the type of the crate; all others by the stem.
  std::string path_of(const EmitRow& emit) const {
    const auto& given = naming_.emits.find(emit.name)->second;
    if (given || exact_) {
      return given ? *given : *naming_.output;
    }
    if (emit.role == Role::kMetadata) {
      return in_directory(str_cat("lib", crate_stem_, emit.extension));
    }
    return in_directory(str_cat(stem_, emit.extension));
  }

  // One output for each crate type. In the dep-info file a link has one rule for each type; with
  // -o, a single one.
  void add_links(const EmitRow& emit) {
    const bool is_given = exact_ || naming_.emits.find(emit.name)->second.has_value();
    std::vector<std::string> types = invocation_.crate_types;
    if (types.empty()) {
      types.emplace_back("bin");
    }
    for (const std::string& type : types) {
      const CrateTypeRow& row = *crate_type_row(type);
      std::string by_rule = link_path(row, emit);
      invocation_.links |= row.runs_linker;
      invocation_.outputs.push_back({.role = row.role,
                                     .path = is_given ? path_of(emit) : by_rule,
                                     .emit = std::string(emit.name)});
      if (!naming_.output) {
        rules_.push_back({.emit = emit.name, .target = std::move(by_rule)});
      }
    }
    if (naming_.output) {
      rules_.push_back({.emit = emit.name, .target = path_of(emit)});
    }
  }

  std::string link_path(const CrateTypeRow& row, const EmitRow& emit) const {
    const bool is_wasm = target_kind_of(invocation_) == TargetKind::kWasm;
    if (row.role == Role::kProgram) {
      return is_wasm ? str_cat(strip_extension(path_of(emit)), kWasmExtension) : path_of(emit);
    }
    return in_directory(is_wasm && row.is_shared ? str_cat(crate_stem_, kWasmExtension)
                                                 : str_cat(row.prefix, crate_stem_, row.extension));
  }

  // rustc 1.95 sorts its rules by their names; 1.85 had an order of its own; 1.63 left "lib" out of
  // the name of the metadata, in the rule alone.
  void name_dep_targets() {
    add_dep_targets();
    std::ranges::stable_sort(rules_, {}, [](const Rule& rule) {
      return std::ranges::find(kEarlyOrder, rule.emit) - kEarlyOrder.begin();
    });
    add_dep_targets();
    for (Rule& rule : rules_) {
      if (rule.emit == kMetadata && !exact_ && !naming_.emits.find(kMetadata)->second) {
        rule.target = in_directory(str_cat(stem_, kMetadataExtension));
      }
    }
    add_dep_targets();
  }

  void add_dep_targets() {
    std::vector<std::string>& targets = invocation_.dep_targets.emplace_back();
    for (const Rule& rule : rules_) {
      targets.push_back(rule.target);
    }
  }

  OrBypass<> check_paths() const {
    std::vector<std::string_view> paths;
    for (const Output& output : invocation_.outputs) {
      if (output.path.empty() || output.path.find_first_of("\n\r") != std::string::npos) {
        return bypass(Reason::kBadCompilerArguments, output.path);
      }
      if (output.path == "-") {
        return bypass(Reason::kOutputToStdout, output.emit);
      }
      paths.push_back(output.path);
    }
    std::ranges::sort(paths);
    const auto twice = std::ranges::adjacent_find(paths);
    if (twice != paths.end()) {
      return bypass(Reason::kBadOutputFile, std::string(*twice));
    }
    return {};
  }

  std::string in_directory(std::string_view name) const {
    const bool has_slash = directory_.empty() || directory_.ends_with('/');
    return str_cat(directory_, has_slash ? "" : "/", name);
  }

  const Naming& naming_;
  Invocation& invocation_;
  bool exact_ = false;    // -o is the path of every kind that has none
  bool adapted_ = false;  // -o gives directory and stem
  std::string directory_;
  std::string stem_;        // of most outputs
  std::string crate_stem_;  // of libraries
  std::vector<Rule> rules_;
};

}  // namespace

TargetKind target_kind_of(const Invocation& invocation) {
  const TargetRow* row = find_target(invocation.target);
  return row == nullptr ? TargetKind::kLinux : row->kind;
}

OrBypass<> name_outputs(const Naming& naming, Invocation& invocation) {
  return Namer(naming, invocation).run();
}

}  // namespace zc::compiler::rust
