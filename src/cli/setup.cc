// zccache setup shims: makes the masquerade links for the compilers that are on PATH, so that a
// build which calls them by name is served; and takes them away again.
//
// A link leads to the name by which PATH finds zccache, so that it stays right when another version
// takes that name. What is not a link to a zccache is never touched.

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/path.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/path_programs.h"
#include "cli/request.h"
#include "os/directory.h"
#include "os/file.h"
#include "os/file_stamp.h"
#include "os/name.h"
#include "os/self.h"

namespace zc::cli {

namespace {

struct ShimWords {
  bool remove = false;
  std::string directory;  // absolute; empty: none was named
};

// Of the user: the directory that the manual uses.
std::string usual_directory(const lifecycle::Caller& caller) {
  const std::string_view home = view_or_empty(lifecycle::variable(caller.environment, "HOME"));
  return is_absolute(home) ? join_path(home, "zccache-bin") : std::string();
}

std::string search_path_of(const lifecycle::Caller& caller) {
  const char* const path = lifecycle::variable(caller.environment, "PATH");
  return std::string(path == nullptr ? kDefaultSearchPath : std::string_view(path));
}

bool leads_to_zccache(Stands stands) {
  return stands == Stands::kForUs || stands == Stands::kForOtherZccache;
}

bool is_symlink(const std::string& path) {
  return os::symlink_target(path).has_value();
}

// --- making ---

enum class Made : std::uint8_t { kNew, kAsBefore, kNotOurs, kFailed };

// A link that leads elsewhere is replaced in one step: a build may be calling it.
Made make_link(const std::string& path, const std::string& client) {
  const std::optional<std::string> target = os::symlink_target(path);
  if (target == client) {
    return Made::kAsBefore;
  }
  const bool is_there = os::stat_link(path).has_value();
  if (is_there && (!target || !leads_to_zccache(what_stands_at(path, client)))) {
    return Made::kNotOurs;
  }
  const std::string fresh = str_cat(path, ".zccache-", os::process_id());
  if (os::make_symlink(client, fresh) != 0) {
    return Made::kFailed;
  }
  if (os::rename_to(fresh, path) != 0) {
    (void)os::remove_name(fresh);
    return Made::kFailed;
  }
  return Made::kNew;
}

// The names of programs that are on PATH elsewhere than in `directory`.
std::vector<std::string> names_to_link(const std::vector<PathProgram>& programs,
                                       const std::string& directory) {
  std::vector<std::string> out;
  for (const PathProgram& program : programs) {
    if (program.stands == Stands::kForItself && dir_name(program.path) != directory) {
      out.push_back(program.name);
    }
  }
  std::ranges::sort(out);
  const auto doubles = std::ranges::unique(out);
  out.erase(doubles.begin(), doubles.end());
  return out;
}

// Links for compilers that are gone: a build that looks for them would find the link.
void remove_superfluous(const std::string& directory, const std::string& client,
                        const std::vector<std::string>& wanted) {
  for (const std::string& name : os::names_in(directory)) {
    const std::string path = join_path(directory, name);
    if (!std::ranges::binary_search(wanted, name) && is_worth_a_link(name) && is_symlink(path) &&
        leads_to_zccache(what_stands_at(path, client)) && os::remove_name(path) == 0) {
      print_out(str_cat("removed ", path, ": PATH has no ", name, '\n'));
    }
  }
}

// The programs of these names that a shell finds before those of `directory`, or without it.
std::vector<std::string> found_before(const std::vector<PathProgram>& programs,
                                      const std::string& directory,
                                      const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const std::string& name : names) {
    const auto first = std::ranges::find(programs, name, &PathProgram::name);
    if (first != programs.end() && dir_name(first->path) != directory) {
      out.push_back(first->path);
    }
  }
  return out;
}

std::string shell_word(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view(" \t\"'\\$`&;()<>|*?[]{}~!#").contains(c)) {
      out += '\\';
    }
    out += c;
  }
  return out;
}

void explain_path(const std::string& directory, std::string_view search_path,
                  const std::vector<std::string>& before) {
  if (before.empty()) {
    print_out("PATH leads to them.\n");
    return;
  }
  const std::vector<std::string_view> directories = split(search_path, ':');
  const bool is_on_path = std::ranges::find(directories, directory) != directories.end();
  print_out(str_cat(is_on_path
                        ? str_cat("PATH leads to ", before.front(), " and the like before them")
                        : std::string("They are not on PATH yet"),
                    ". Type this, and add it to your shell's start-up file:\n\n  export PATH=",
                    shell_word(directory), ":$PATH\n"));
}

int make_shims(const lifecycle::Caller& caller, const std::string& directory) {
  const std::string search_path = search_path_of(caller);
  const std::string client = stable_client(search_path);
  if (client.empty() || !os::stat_path(client)) {
    print_note("zccache setup: the program zccache is not beside zccache-cli");
    return kFailed;
  }
  const std::vector<std::string> names =
      names_to_link(programs_on_path(search_path, client), directory);
  if (names.empty()) {
    print_note("zccache setup: there is no compiler on PATH");
    return kFailed;
  }
  if (const Result<> made = os::make_directories(directory); !made) {
    print_note(str_cat("zccache setup: ", made.error().message));
    return kFailed;
  }
  remove_superfluous(directory, client, names);
  std::string listed;
  int exit_code = kDone;
  for (const std::string& name : names) {
    const std::string path = join_path(directory, name);
    switch (make_link(path, client)) {
      case Made::kNew:
      case Made::kAsBefore:
        str_append(listed, ' ', name);
        break;
      case Made::kNotOurs:
        print_note(str_cat("zccache setup: left alone, since it is no link to zccache: ", path));
        exit_code = kFailed;
        break;
      case Made::kFailed:
        print_note(str_cat("zccache setup: cannot make ", path));
        exit_code = kFailed;
        break;
    }
  }
  print_out(str_cat("Links to ", client, " in ", directory, ":", listed, '\n'));
  explain_path(directory, search_path,
               found_before(programs_on_path(search_path, client), directory, names));
  return exit_code;
}

// --- removing ---

// `any`: also those that lead to another installation, which is there.
int remove_from(const std::string& directory, const std::string& client, bool any) {
  int exit_code = kDone;
  bool is_any_removed = false;
  for (const std::string& name : os::names_in(directory)) {
    const std::string path = join_path(directory, name);
    const Stands stands = what_stands_at(path, client);
    if (!is_symlink(path) || !is_worth_a_link(name) || !leads_to_zccache(stands) ||
        (!any && stands == Stands::kForOtherZccache && os::stat_path(path))) {
      continue;
    }
    if (os::remove_name(path) == 0) {
      print_out(str_cat("removed ", path, '\n'));
      is_any_removed = true;
    } else {
      print_note(str_cat("zccache setup: cannot remove ", path));
      exit_code = kFailed;
    }
  }
  if (is_any_removed) {
    (void)os::remove_directory(directory);  // if nothing else is in it
  }
  return exit_code;
}

int remove_shims(const lifecycle::Caller& caller, const std::string& directory) {
  const std::string search_path = search_path_of(caller);
  const std::string client = stable_client(search_path);
  if (!directory.empty()) {
    return remove_from(directory, client, true);
  }
  int exit_code = kDone;
  if (const std::string usual = usual_directory(caller); !usual.empty()) {
    exit_code = remove_from(usual, client, false);
  }
  for (const std::string_view on_path : split(search_path, ':')) {
    if (is_absolute(on_path)) {
      exit_code = std::max(exit_code, remove_from(std::string(on_path), client, false));
    }
  }
  return exit_code;
}

// Nothing: the words are wrong, and that has been printed.
std::optional<ShimWords> read_shim_words(Args args) {
  ShimWords out;
  for (const char* arg : args) {
    const std::string_view word = arg;
    if (word == "--remove") {
      out.remove = true;
    } else if (word.starts_with('-') || word.empty() || !out.directory.empty()) {
      (void)bad_argument("setup", word);
      return std::nullopt;
    } else {
      out.directory = without_dots(join_path(os::working_directory().value_or("/"), word));
    }
  }
  while (out.directory.size() > 1 && out.directory.ends_with('/')) {
    out.directory.pop_back();
  }
  return out;
}

}  // namespace

int setup(const lifecycle::Caller& caller, Args args) {
  if (args.empty() || std::string_view(args.front()) != "shims") {
    return args.empty() ? refuse_with_usage("setup") : bad_argument("setup", args.front());
  }
  const std::optional<ShimWords> words = read_shim_words(args.subspan(1));
  if (!words) {
    return kUsageError;
  }
  if (words->remove) {
    return remove_shims(caller, words->directory);
  }
  const std::string directory =
      words->directory.empty() ? usual_directory(caller) : words->directory;
  if (directory.empty()) {
    print_note("zccache setup: HOME is not set; name a directory");
    return kUsageError;
  }
  return make_shims(caller, directory);
}

}  // namespace zc::cli
