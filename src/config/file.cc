#include "config/file.h"

#include <algorithm>
#include <utility>

#include "base/str.h"
#include "codec/toml.h"
#include "config/foreign.h"
#include "config/presets.h"

namespace zc::config {

namespace {

using codec::Json;

// Nothing: not a value of the kind.
std::optional<std::string> text_of(const Key& key, const Json& value) {
  const std::string shown = value.dump_line();
  if (key.kind == Kind::kPaths) {
    std::string out;
    for (const Json& element : value.elements()) {
      const std::string path = element.as_text();
      if (path.empty() || path.contains(':')) {
        return std::nullopt;
      }
      str_append(out, out.empty() ? "" : ":", path);
    }
    return shown.starts_with('[') ? std::optional(out) : std::nullopt;
  }
  if (shown.starts_with('"')) {
    return value.as_text();
  }
  return shown.starts_with('[') || shown.starts_with('{') ? std::nullopt : std::optional(shown);
}

class Reader {
 public:
  Reader(std::string path, Owner owner) : owner_(owner) { out_.path = std::move(path); }

  void take(const codec::TomlEntry& entry) {
    const Key* const key = find_key(entry.key);
    if (key == nullptr) {
      take_unknown(entry);
    } else if (key->applies == Applies::kVariable) {
      note(entry, str_cat("set ", key->variable(),
                          " instead: the client needs it, and reads no "
                          "file"));
    } else if (owner_ == Owner::kProject && key->project == Project::kNothing) {
      note(entry, "the file of a project cannot set it");
    } else {
      take(entry, *key);
    }
  }

  File finish() { return std::move(out_); }

 private:
  // What another cache needs and this one does not, may stay in a file.
  void take_unknown(const codec::TomlEntry& entry) {
    const ForeignSetting* const foreign = find_foreign_key(entry.key);
    if (foreign == nullptr) {
      note(entry, "there is no such setting");
    } else if (foreign->answer == Answer::kNeedless) {
      out_.notes.push_back(str_cat(out_.path, ":", entry.line, ": ", explanation_of(*foreign)));
    } else {
      note(entry, explanation_of(*foreign));
    }
  }

  void take(const codec::TomlEntry& entry, const Key& key) {
    const std::optional<std::string> text = text_of(key, entry.value);
    std::optional<std::string> value = text ? normal_value(key, *text) : std::nullopt;
    // An empty list, path or text says that there is none.
    if (text && text->empty() && key.careful.empty() && key.applies == Applies::kCommand) {
      value = std::string();
    }
    if (!value) {
      const bool is_replaced = !key.careful.empty() || key.applies == Applies::kDaemon;
      const std::string instead = key.careful.empty() ? "the default" : std::string(key.careful);
      const std::string problem = note(
          entry, str_cat(entry.value.dump_line(), " is not usable; expected ", expected(key),
                         is_replaced ? str_cat("; using ", instead) : "; no command is cached"));
      if (!is_replaced) {
        out_.refusal = problem;
      }
      if (key.careful.empty()) {
        return;
      }
      value = std::string(key.careful);
    }
    out_.entries.push_back({.key = &key, .value = *value, .line = entry.line});
    if (key.name == kPresetKey) {
      take_preset(*value, entry.line);
    }
  }

  void take_preset(std::string_view name, std::uint64_t line) {
    for (const PresetValue& row : preset_values()) {
      if (row.preset == name) {
        out_.entries.push_back(
            {.key = find_key(row.key), .value = std::string(row.value), .line = line});
      }
    }
  }

  std::string note(const codec::TomlEntry& entry, std::string_view what) {
    return out_.problems.emplace_back(
        str_cat(out_.path, ":", entry.line, ": ", entry.key, ": ", what));
  }

  const Owner owner_;
  File out_;
};

}  // namespace

File parse_file(std::string path, std::string_view text, Owner owner) {
  Result<std::vector<codec::TomlEntry>> entries = codec::toml_entries(text);
  if (!entries) {
    return unreadable_file(std::move(path), entries.error().message);
  }
  Reader reader(std::move(path), owner);
  // Of two entries of a file the later one counts, and a preset is below all others.
  std::ranges::stable_partition(
      *entries, [](const codec::TomlEntry& entry) { return entry.key == kPresetKey; });
  for (const codec::TomlEntry& entry : *entries) {
    reader.take(entry);
  }
  return reader.finish();
}

File unreadable_file(std::string path, std::string_view why) {
  File out;
  out.path = std::move(path);
  out.refusal = str_cat(out.path, ": ", why, "; nothing of it counts, and no command is cached");
  out.problems = {out.refusal};
  return out;
}

}  // namespace zc::config
