// zccache config: each setting with its value and where that comes from; one of them; and a change
// of the user's file. They need no daemon; of one that runs, they say what it goes by instead.

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/daemon_settings.h"
#include "cli/request.h"
#include "cli/settings_view.h"
#include "codec/json.h"
#include "config/edit.h"
#include "config/foreign.h"
#include "config/keys.h"
#include "os/file.h"
#include "os/file_system.h"

namespace zc::cli {

namespace {

using codec::Json;

void print_problems(const SettingsView& view) {
  for (const std::string& problem : view.problems) {
    print_note(str_cat("warning: ", problem));
  }
}

void print_differences(const lifecycle::Caller& caller, const SettingsView& view) {
  for (const std::string& text : differences(view, standing_of_daemon(caller))) {
    print_note(str_cat("warning: ", text));
  }
}

std::string_view id_of(config::Applies applies) {
  switch (applies) {
    case config::Applies::kCommand:
      return "command";
    case config::Applies::kDaemon:
      return "daemon";
    case config::Applies::kTools:
      return "tools";
    case config::Applies::kVariable:
      return "variable";
  }
  return {};
}

std::string_view id_of(Source source) {
  switch (source) {
    case Source::kDefault:
      return "default";
    case Source::kVariable:
      return "variable";
    case Source::kPreset:
      return "preset";
    case Source::kFile:
      return "file";
  }
  return {};
}

Json describe(const EffectiveSetting& setting) {
  Json out = Json::object();
  out.set("key", Json::text(setting.key->name));
  out.set("value", Json::text(setting.value));
  out.set("variable", Json::text(setting.key->variable()));
  out.set("applies", Json::text(id_of(setting.key->applies)));
  out.set("source", Json::text(id_of(setting.source)));
  if (setting.source == Source::kFile) {
    out.set("path", Json::text(setting.path));
    out.set("line", Json::count(setting.line));
  }
  return out;
}

Json texts(const std::vector<std::string>& list) {
  Json out = Json::array();
  for (const std::string& text : list) {
    out.append(Json::text(text));
  }
  return out;
}

int print_all(const lifecycle::Caller& caller, bool as_json) {
  const SettingsView view = view_settings(caller);
  if (as_json) {
    Json settings = Json::array();
    for (const EffectiveSetting& setting : view.settings) {
      settings.append(describe(setting));
    }
    Json out = Json::object();
    out.set("user_file", Json::text(users_config_file(caller)));
    out.set("files", texts(view.files));
    out.set("settings", std::move(settings));
    out.set("problems", texts(view.problems));
    out.set("notes", texts(view.notes));
    out.set("differences", texts(differences(view, standing_of_daemon(caller))));
    print_out(out.dump() + '\n');
    return kDone;
  }
  std::size_t key_width = 0;
  std::size_t value_width = 0;
  for (const EffectiveSetting& setting : view.settings) {
    key_width = std::max(key_width, setting.key->name.size());
    value_width = std::max(value_width, std::min<std::size_t>(setting.value.size(), 40));
  }
  const auto blanks = [](std::size_t width, std::string_view text) {
    return std::string(width - std::min(width, text.size()) + 2, ' ');
  };
  std::string out;
  for (const EffectiveSetting& setting : view.settings) {
    str_append(out, setting.key->name, blanks(key_width, setting.key->name), setting.value,
               blanks(value_width, setting.value), setting.origin(), '\n');
  }
  print_out(out);
  print_problems(view);
  print_differences(caller, view);
  for (const std::string& text : view.notes) {
    print_note(str_cat("note: ", text));
  }
  return kDone;
}

// Of a key that another cache has: what it is here. Of ccache's sloppiness, word by word.
int explain_foreign(const config::ForeignSetting& foreign, std::string_view value) {
  print_note(str_cat("zccache: ", config::explanation_of(foreign)));
  for (const std::string& word : split_words(value, " ,")) {
    const auto words = config::sloppiness_words();
    const auto known = std::ranges::find(words, word, &config::Sloppiness::word);
    if (foreign.key == "sloppiness" && known != words.end()) {
      print_note(str_cat("  ", word, ": ", known->text));
    }
  }
  return foreign.answer == config::Answer::kNeedless ? kDone : kUsageError;
}

// Null: it is a setting of ours, or of no cache.
const config::ForeignSetting* foreign_key(std::string_view name) {
  return config::find_key(name) == nullptr ? config::find_foreign_key(name) : nullptr;
}

// Null: there is no such setting, and that has been said.
const config::Key* require_key(std::string_view name) {
  const config::Key* const key = config::find_key(name);
  if (key == nullptr) {
    print_note(str_cat("zccache: there is no setting '", name,
                       "'; all are listed by: zccache "
                       "config"));
  }
  return key;
}

int print_one(const lifecycle::Caller& caller, std::string_view name) {
  if (const config::ForeignSetting* const foreign = foreign_key(name)) {
    return explain_foreign(*foreign, {});
  }
  const config::Key* const key = require_key(name);
  if (key == nullptr) {
    return kUsageError;
  }
  const SettingsView view = view_settings(caller);
  print_out(view.at(name).value + '\n');
  print_problems(view);
  return kDone;
}

// A file that is a symlink stays one: what it leads to is replaced.
Result<> change_file(const std::string& path, const config::Key& key, std::string_view value) {
  constexpr std::uint32_t kPrivate = 0600;
  const os::PosixFileSystem fs;
  const std::string target = fs.real_path(path).value_or(path);
  Result<std::string> text = os::read_path(target, limits::kArgumentFileBytesMax);
  if (!text && text.error().code != Code::kNotFound) {
    return std::unexpected(text.error());
  }
  TRY_ASSIGN(const std::string changed,
             config::with_value(text.value_or(std::string()), key, value));
  TRY(os::make_directories(std::string(dir_name(target))));
  return os::replace_file(target, changed, kPrivate);
}

std::string_view when_it_counts(config::Applies applies) {
  return applies == config::Applies::kDaemon ? "a running daemon takes it within two seconds"
                                             : "it counts from the next command on";
}

int set(const lifecycle::Caller& caller, std::string_view name, std::string_view text) {
  if (const config::ForeignSetting* const foreign = foreign_key(name)) {
    return explain_foreign(*foreign, text);
  }
  const config::Key* const key = require_key(name);
  if (key == nullptr) {
    return kUsageError;
  }
  if (key->applies == config::Applies::kVariable) {
    print_note(str_cat("zccache: ", name, ": set the variable ", key->variable(),
                       " instead; the client needs it, and reads no file"));
    return kUsageError;
  }
  const std::optional<std::string> value = config::normal_value(*key, text);
  if (!value) {
    print_note(str_cat("zccache: ", name, ": '", text, "' is not usable; expected ",
                       config::expected(*key)));
    return kUsageError;
  }
  const std::string path = users_config_file(caller);
  if (path.empty()) {
    print_note("zccache: HOME names no directory for the file of settings");
    return kFailed;
  }
  if (const Result<> changed = change_file(path, *key, *value); !changed) {
    print_note(str_cat("zccache: ", path, ": ", changed.error().message));
    return kFailed;
  }
  const SettingsView view = view_settings(caller);
  const EffectiveSetting& now = view.at(name);
  print_note(now.value == *value
                 ? str_cat(path, ": ", name, " is set; ", when_it_counts(key->applies))
                 : str_cat(path, ": ", name, " is set, but ", now.origin(),
                           " counts before it: ", now.value));
  if (key->applies == config::Applies::kDaemon) {
    print_differences(caller, view);
  }
  return kDone;
}

}  // namespace

int config(const lifecycle::Caller& caller, Args args) {
  const std::string_view what = args.empty() ? std::string_view() : args.front();
  if (what == "get" && args.size() == 2) {
    return print_one(caller, args[1]);
  }
  if (what == "set" && args.size() == 3) {
    return set(caller, args[1], args[2]);
  }
  if (what == "get" || what == "set") {
    return refuse_with_usage("config");
  }
  const std::optional<bool> as_json = asks_for_json("config", args);
  return as_json ? print_all(caller, *as_json) : kUsageError;
}

}  // namespace zc::cli
