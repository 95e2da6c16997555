// zccache explain: what happened to a command the last time, and why. It reads the journal, so it
// needs no daemon; one that runs is asked to write down what it still has in memory.

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/path.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/explain_diff.h"
#include "cli/explain_text.h"
#include "cli/format.h"
#include "cli/journal_request.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "codec/json.h"
#include "history/journal_reader.h"
#include "history/spelled_out.h"
#include "os/clock.h"
#include "os/self.h"
#include "wire/message.h"

namespace zc::cli {

namespace {

using history::CommandRecord;

struct Wanted {
  bool as_json = false;
  std::optional<std::size_t> last;   // so many commands, whatever they are about
  std::vector<std::string> targets;  // files, directories, crates
  std::vector<std::string> command;  // the words of one
};

// Nothing: there is a mistake, and that has been printed.
std::optional<Wanted> read_words(Args args) {
  Wanted out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view word = args[i];
    if (word == "--") {
      out.command.assign(args.begin() + static_cast<std::ptrdiff_t>(i) + 1, args.end());
      break;
    }
    if (word == "--json") {
      out.as_json = true;
    } else if (word == "--last") {
      std::size_t count = 1;
      const std::string_view number = i + 1 < args.size() ? args[i + 1] : "";
      const auto [end, error] =
          std::from_chars(number.data(), number.data() + number.size(), count);
      i += error == std::errc() && end == number.data() + number.size() ? 1 : 0;
      out.last = count;
    } else if (word.starts_with('-')) {
      (void)bad_argument("explain", word);
      return std::nullopt;
    } else {
      out.targets.emplace_back(word);
    }
  }
  if (out.targets.empty() && out.command.empty() && !out.last) {
    out.last = 1;
  }
  return out;
}

// Without "..", as far as text tells; the directories of commands have no symlinks in them.
std::string absolute(const CommandRecord& record, std::string_view path) {
  return std::filesystem::path(join_path(record.cwd, path)).lexically_normal().string();
}

// The same of what the user named, with the symlinks of today resolved: all of them in the path of
// a directory, those of its directory in that of a file.
std::string resolved(const std::string& cwd, const std::string& target) {
  const std::filesystem::path path = join_path(cwd, target);
  std::error_code error;
  const bool is_directory = std::filesystem::is_directory(path, error);
  const std::filesystem::path real =
      is_directory ? std::filesystem::canonical(path, error)
                   : std::filesystem::weakly_canonical(path.parent_path(), error) / path.filename();
  return (error ? path.lexically_normal() : real).string();
}

// Whether a command is about `target`: it writes it, is made of it, names it, or writes below it;
// or it compiles the crate of that name.
bool is_about(const CommandRecord& record, const std::string& target, const std::string& path) {
  const std::string below = path + '/';
  const auto is_it = [&](const std::string& spelled) { return absolute(record, spelled) == path; };
  if (std::ranges::any_of(record.outputs, is_it) ||
      (!record.source.empty() && is_it(record.source)) ||
      std::ranges::any_of(record.outputs, [&](const std::string& spelled) {
        return absolute(record, spelled).starts_with(below);
      })) {
    return true;
  }
  for (std::size_t i = 0; i < record.args.size(); ++i) {
    const std::string& word = record.args[i];
    if (is_it(word) ||
        (word == "--crate-name" && i + 1 < record.args.size() && record.args[i + 1] == target)) {
      return true;
    }
  }
  return false;
}

// The words of a command as the journal has them, if its response files are as they were.
std::vector<std::string> words_in_journal(const std::vector<std::string>& command,
                                          const std::string& cwd) {
  wire::CompileRequest request;
  request.tool = command.front();
  request.cwd = cwd;
  request.args.assign(command.begin(), command.end());
  std::vector<std::string> out = history::spelled_out(request);
  if (out.empty()) {
    out.assign(command.begin() + 1, command.end());
  }
  return out;
}

// The last record of each thing that is wanted, the newest first.
std::vector<CommandRecord> find(const Wanted& wanted, const std::string& logs,
                                const std::string& cwd) {
  std::vector<CommandRecord> out;
  std::set<std::string> seen;
  const auto add_once = [&](const CommandRecord& record) {
    if (seen.insert(subject_of(record)).second) {
      out.push_back(record);
    }
    return true;
  };
  if (wanted.last) {
    history::read_backwards(logs, {}, [&](const CommandRecord& record) {
      if (out.size() < *wanted.last) {
        out.push_back(record);
      }
      return out.size() < *wanted.last;
    });
  }
  for (const std::string& target : wanted.targets) {
    const std::string path = resolved(cwd, target);
    history::read_backwards(logs, json_escape(base_name(path)), [&](const CommandRecord& record) {
      return !is_about(record, target, path) || add_once(record);
    });
  }
  if (!wanted.command.empty()) {
    const std::vector<std::string> words = words_in_journal(wanted.command, cwd);
    const std::string_view name = base_name(wanted.command.front());
    history::read_backwards(logs, json_escape(name), [&](const CommandRecord& record) {
      const bool is_it =
          base_name(record.compiler) == name && record.args == words && record.cwd == cwd;
      return !is_it || (out.push_back(record), false);
    });
  }
  return out;
}

std::vector<CommandRecord> find_with_progress(const Wanted& wanted, const std::string& logs) {
  const Progress progress("reading the journal");
  return find(wanted, logs, os::working_directory().value_or("/"));
}

// Where the result of a hit was made.
std::string origin_of(const CommandRecord& record, const std::string& logs) {
  std::string out;
  if (record.result.empty() || record.stored_ns == 0) {
    return out;
  }
  history::read_backwards(logs, record.result, [&](const CommandRecord& other) {
    const bool has_made = other.result == record.result && other.stored_ns == 0;
    out = has_made ? other.cwd : out;
    return !has_made;
  });
  return out;
}

void print_json(const std::vector<CommandRecord>& found) {
  codec::Json commands = codec::Json::array();
  for (const CommandRecord& record : found) {
    if (auto json = codec::Json::parse(encode(record))) {
      codec::Json texts = codec::Json::array();
      for (const history::Change& change :
           record.why ? record.why->changes : std::vector<history::Change>()) {
        texts.append(codec::Json::text(text_of(change)));
      }
      json->set("texts", std::move(texts));
      commands.append(*std::move(json));
    }
  }
  codec::Json out = codec::Json::object();
  out.set("schema_version", codec::Json::count(1));
  out.set("commands", std::move(commands));
  print_out(out.dump() + '\n');
}

void print_text(const std::vector<CommandRecord>& found, const std::string& logs) {
  const std::int64_t now_ns = os::wall_ns();
  constexpr std::size_t kDetailedMax = 5;
  for (const CommandRecord& record : found) {
    print_out(headline(record, now_ns) + '\n');
    if (found.size() <= kDetailedMax) {
      print_out(explanation_text(record, origin_of(record, logs), now_ns));
    } else if (const std::string why = cause_of(record); !why.empty()) {
      print_out(str_cat("    ", printable(why), '\n'));
    }
  }
}

}  // namespace

int explain(const lifecycle::Caller& caller, Args args) {
  const auto end = std::ranges::find(args, std::string_view("--"));
  if (std::find(args.begin(), end, std::string_view("--diff")) != end) {
    return explain_diff(caller, args);
  }
  const std::optional<Wanted> wanted = read_words(args);
  if (!wanted) {
    return kUsageError;
  }
  request_journal(caller);
  const std::string logs = caller.locations.logs();
  const std::vector<CommandRecord> found = find_with_progress(*wanted, logs);
  if (wanted->as_json) {
    print_json(found);
  } else if (found.empty()) {
    print_note(
        str_cat("zccache explain: no such command is known; was it run behind zccache, with "
                "the cache in ",
                caller.locations.root, "? The journal in ", logs, " keeps the last commands."));
  } else {
    print_text(found, logs);
  }
  return found.empty() ? kFailed : kDone;
}

}  // namespace zc::cli
