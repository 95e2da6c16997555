#include "engine/emscripten/habits.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "engine/emscripten/package_numbers.h"
#include "engine/observed/variables.h"

namespace zc::engine::emscripten {

namespace {

// Python reads them as they are, whatever it has in its cache.
constexpr std::array<std::string_view, 4> kScripts = {"em++.py", "emar.py", "emcc.py",
                                                      "emranlib.py"};

// They begin as scripts of these names, for a shell.
constexpr std::array<std::string_view, 4> kFirstScripts = {"em++", "emar", "emcc", "emranlib"};
constexpr std::array<std::string_view, 3> kShells = {"bash", "dash", "sh"};
// With these in it, a script makes something of its number, or of the times of files.
constexpr std::array<std::string_view, 7> kShellQuestions = {"$$",  "$!",  "-N",    "-nt",
                                                             "-ot", "PID", "RANDOM"};

constexpr std::string_view kRandomNumbers = "getrandom";
constexpr std::string_view kWhere = "getcwd";
// Of a file that the run has made or changed.
constexpr std::string_view kOwnFile = "stat";

// What llvm-ar writes before it becomes the archive.
constexpr std::string_view kArchiveInTheMaking = ".temp-archive-";

constexpr std::string_view kConfiguration = ".emscripten";

// Where packages of node lie: what node runs from there is no code of the user's.
constexpr std::array<std::string_view, 2> kNodePackages = {"/node_modules/", "/nodejs/"};
// Settings of the library that node has for encryption.
constexpr std::array<std::string_view, 3> kNodeSettings = {".cnf", ".crt", ".pem"};

// A linker may sort by the names of its inputs, or make names in the result of them.
constexpr std::array<std::string_view, 3> kObjectEndings = {".a", ".bc", ".o"};

bool ends_like_any(std::string_view name, const auto& endings) {
  return std::ranges::any_of(endings,
                             [&](std::string_view ending) { return name.ends_with(ending); });
}

// A module that comes with python, or was installed for it.
bool is_of_python(std::string_view path) {
  return path.contains("/python");
}

// A configuration is a few assignments. Most of its text may be comments.
bool mentions(std::string_view script, const auto& words) {
  return std::ranges::any_of(split(script, '\n'), [&](std::string_view line) {
    return !line.starts_with('#') &&
           std::ranges::any_of(words, [&](std::string_view word) { return line.contains(word); });
  });
}

}  // namespace

struct Habits::Habit {
  Program program;
  std::string_view what;
};

// isatty: the terminal is an input of its own, for the colours of messages.
constexpr Habits::Habit Habits::kHabits[] = {
    // The files that llvm's tools write have random names first.
    {Program::kLlvm, "arc4random"},
    {Program::kLlvm, "getrandom"},
    {Program::kLlvm, "isatty"},
    // They look how long their own files are.
    {Program::kLlvm, kOwnFile},
    // V8 shows how it has used memory when it runs out of it, and spreads addresses.
    {Program::kNode, "/proc/meminfo"},
    {Program::kNode, "/proc/self/maps"},
    {Program::kNode, "clock_gettime"},
    // V8 takes seeds for its tables, and for Math.random.
    {Program::kNode, "/dev/urandom"},
    {Program::kNode, "getentropy"},
    {Program::kNode, "getrandom"},
    // Of the start of V8, and of the garbage that it collects.
    {Program::kNode, "gettimeofday"},
    {Program::kNode, "isatty"},
    {Program::kNode, "time"},
    // Node has its number at hand for scripts, and knows its threads by theirs.
    {Program::kNode, "getpid"},
    {Program::kNode, "gettid"},
    // It looks whether what it reads is a file, and how long that is.
    {Program::kNode, kOwnFile},
    // Emscripten measures what its steps take, for its own debugging; python's logging takes the
    // time at which it was loaded.
    {Program::kPython, "clock_gettime"},
    {Program::kPython, "gettimeofday"},
    {Program::kPython, "time"},
    // Python's clock looks up how the time zone differs from UTC when it is loaded.
    {Program::kPython, "localtime"},
    // The seed of python's `random`, when that is loaded, and names of temporary files.
    {Program::kPython, kRandomNumbers},
    {Program::kPython, "isatty"},
    // Whether it has been forked since it took its seed; and the numbers of its threads.
    {Program::kPython, "getpid"},
    {Program::kPython, "gettid"},
    // Python looks where it could put temporary files; the working directory is the last resort.
    {Program::kPython, kWhere},
    // As is_idle_look.
    {Program::kPython, kOwnFile},
    // Shells fill their variables with these; and look whether PWD leads to where they are.
    {Program::kShell, "getpid"},
    {Program::kShell, "getppid"},
    {Program::kShell, kOwnFile},
};

Habits::Habits(const os::FileSystem& fs, const RequestEnvironment& env, const Trace& trace,
               std::string_view shared_cwd)
    : trace_(trace),
      times_of_files_count_(!env.get("EMCC_LOCAL_PORTS").empty()),
      shared_cwd_(shared_cwd) {
  for (const TracedProgram& program : trace.programs) {
    programs_.push_back(program_of(program.path));
  }
  find_root();
  forget_other_scripts();
  read_first_script(fs);
  read_openings(fs);
  names_may_count_ = std::ranges::any_of(trace.passing, [](std::string_view path) {
    return ends_like_any(path, kObjectEndings) && !base_name(path).contains(kArchiveInTheMaking);
  });
}

Habits::Program Habits::program_of(std::string_view path) {
  const std::string_view name = base_name(path);
  return name.starts_with("python")                       ? Program::kPython
         : name == "node" || name == "nodejs"             ? Program::kNode
         : name.starts_with("llvm-")                      ? Program::kLlvm
         : name.starts_with("wasm-") || name == "wasm2js" ? Program::kBinaryen
                                                          : Program::kOther;
}

// The script may be the user's, in front of Emscripten's. Shells that come later are of the words
// of a command.
void Habits::read_first_script(const os::FileSystem& fs) {
  if (programs_.empty() ||
      std::ranges::find(kShells, base_name(trace_.programs.front().path)) == kShells.end()) {
    return;
  }
  const std::string path(trace_.programs.front().first_read);
  if (std::ranges::find(kFirstScripts, base_name(path)) == kFirstScripts.end()) {
    return;
  }
  const auto script =
      fs.read(os::FileSystem::kNoDirectory, path.c_str(), limits::kArgumentFileBytesMax);
  if (script && !mentions(script->bytes, kShellQuestions)) {
    programs_.front() = Program::kShell;
  }
}

// Python reads the script that it runs as it is, whatever it has kept of it.
void Habits::find_root() {
  const auto script = std::ranges::find_if(trace_.openings, [&](const Opening& opening) {
    return programs_.at(opening.program) == Program::kPython &&
           std::ranges::find(kScripts, base_name(opening.path)) != kScripts.end();
  });
  if (script != trace_.openings.end()) {
    root_ = dir_name(script->path);
  }
}

// Scripts of the user's (--js-transform) have habits of their own. They may be words of the
// command.
void Habits::forget_other_scripts() {
  std::set<std::size_t> of_emscripten;
  std::set<std::size_t> of_user;
  for (const Opening& opening : trace_.openings) {
    const bool is_python = programs_.at(opening.program) == Program::kPython;
    const bool is_script = !is_python || opening.path.ends_with(".py");
    if (is_script && is_at_or_below(opening.path, root_)) {
      of_emscripten.insert(opening.program);
    } else if (is_python && is_script && !is_of_python(opening.path)) {
      of_user.insert(opening.program);
    }
  }
  for (std::size_t i = 0; i < programs_.size(); ++i) {
    const bool runs_scripts = programs_[i] == Program::kPython || programs_[i] == Program::kNode;
    if (runs_scripts && (!of_emscripten.contains(i) || of_user.contains(i))) {
      programs_[i] = Program::kOther;
    }
  }
}

void Habits::read_openings(const os::FileSystem& fs) {
  for (const Opening& opening : trace_.openings) {
    const Program program = programs_.at(opening.program);
    node_runs_code_of_user_ |= program == Program::kNode && is_code_of_user(opening.path);
    if (program != Program::kPython) {
      continue;
    }
    python_may_use_answers_ |= is_packager(opening.path);
    if (!is_of_python(opening.path) && !opening.path.ends_with(".pyc")) {
      read_configuration(fs, opening.path);
    }
  }
}

// What node has read besides Emscripten's code, packages and its own settings.
bool Habits::is_code_of_user(std::string_view path) const {
  const bool is_of_kernel =
      path.starts_with("/proc/") || path.starts_with("/sys/") || path.starts_with("/dev/");
  const bool is_program = std::ranges::any_of(trace_.programs, [&](const TracedProgram& program) {
    return program.path == path ||
           std::ranges::find(program.objects, path) != program.objects.end();
  });
  const bool is_package = std::ranges::any_of(
      kNodePackages, [&](std::string_view part) { return path.contains(part); });
  return !is_of_kernel && !is_program && !is_package && !is_at_or_below(path, root_) &&
         !ends_like_any(path, kNodeSettings);
}

// The file may have any name (--em-config), and is known by what it assigns. Of Emscripten's own
// scripts, some name the same.
void Habits::read_configuration(const os::FileSystem& fs, std::string_view path) {
  constexpr std::array<std::string_view, 4> kAssigned = {"BINARYEN_ROOT", "EMSCRIPTEN_ROOT",
                                                         "LLVM_ROOT", "NODE_JS"};
  constexpr std::array<std::string_view, 7> kQuestions = {"cwd",  "pid",  "random", "secrets",
                                                          "stat", "time", "uuid"};
  constexpr std::array<std::string_view, 2> kVariables = {"environ", "getenv"};
  const bool is_by_name = base_name(path) == kConfiguration;
  if (!is_by_name && is_at_or_below(path, root_)) {
    return;
  }
  const auto read =
      fs.read(os::FileSystem::kNoDirectory, std::string(path).c_str(), limits::kInputBytesMax);
  const std::string_view text = read ? std::string_view(read->bytes) : std::string_view();
  if (!is_by_name && !mentions(text, kAssigned)) {
    return;
  }
  python_may_use_answers_ |= !read || mentions(text, kQuestions);
  python_may_use_any_variable_ |= !read || mentions(text, kVariables);
}

bool Habits::is_habit(std::size_t program, std::string_view what) const {
  if (root_.empty()) {
    return false;
  }
  const Program asker = programs_.at(program);
  const bool may_be_used =
      asker == Program::kNode
          ? node_runs_code_of_user_
          : asker == Program::kPython &&
                (python_may_use_answers_ || (what == kRandomNumbers && names_may_count_) ||
                 (what == kOwnFile && times_of_files_count_));
  return !may_be_used && std::ranges::any_of(kHabits, [&](const Habit& habit) {
    return habit.program == asker && habit.what == what;
  });
}

bool Habits::is_idle_question(const Query& question) const {
  if (question.about == kWhere && shared_cwd_.empty()) {
    return false;
  }
  return !question.is_forked && is_habit(question.program, question.about);
}

bool Habits::is_lock(std::string_view path) {
  return base_name(path) == "cache.lock";
}

// A shell looks whether PWD leads to where it is.
bool Habits::is_shared_cwd(std::string_view path) const {
  return !shared_cwd_.empty() &&
         (path == shared_cwd_ || without_dots(path) == str_cat(shared_cwd_, '/'));
}

// Beside a temporary file of python's, the name of which is random: no other run looks there.
bool Habits::is_beside_temporary(const PathAccess& seen) const {
  constexpr std::string_view kBeginning = "tmp";
  constexpr std::size_t kNameBytes = 11;
  return seen.missing && !seen.looked_at &&
         std::ranges::any_of(trace_.passing, [&](std::string_view passing) {
           const std::string_view name = base_name(passing);
           return name.starts_with(kBeginning) && name.size() >= kNameBytes &&
                  seen.path.starts_with(passing);
         });
}

// A file of the kernel, by all that have opened it.
bool Habits::is_passed_over(const PathAccess& seen) const {
  if (!root_.empty() && !seen.opened && !seen.listed &&
      (is_beside_temporary(seen) || seen.path == shared_cwd_)) {
    return true;
  }
  return seen.opened && std::ranges::all_of(trace_.openings, [&](const Opening& opening) {
           return opening.path != seen.path || is_habit(opening.program, seen.path);
         });
}

// They look whether what the user names is there, and is a file. Python compares the times of its
// own modules with those that it has kept.
bool Habits::is_idle_look(const MetadataQuery& look) const {
  if (root_.empty() || look.query.is_forked || look.at != MetadataQuery::At::kMetadata) {
    return false;
  }
  switch (programs_.at(look.query.program)) {
    case Program::kPython:
      return !times_of_files_count_ && !is_at_or_below(look.query.about, root_) &&
             !is_of_python(look.query.about);
    case Program::kLlvm:
    case Program::kBinaryen:
      return true;
    case Program::kShell:
      return is_shared_cwd(look.query.about);
    case Program::kNode:
    case Program::kOther:
      return false;
  }
  return false;
}

std::string_view Habits::environment_reader() const {
  return root_.empty() || node_runs_code_of_user_ || python_may_use_any_variable_
             ? std::string_view()
         : !shared_cwd_.empty() ? kReadByEmscriptenAnywhere
                                : kReadByEmscripten;
}

// Clang takes the name of its directory from there, for what it writes only where a word has it do
// so.
bool Habits::is_uncounted(std::string_view variable) const {
  return !shared_cwd_.empty() && variable == kNameOfDirectory;
}

// Node and a library that python loads hold tables between their functions, some bytes of which
// would be system calls if they were run. Node opens files through libuv, which uses the C library,
// and the observer knows what it asks by `syscall`. Llvm's tools need not be examined: its linker
// and its compiler are not.
bool Habits::is_trusted(std::size_t program, std::string_view object) const {
  if (root_.empty()) {
    return false;
  }
  switch (programs_.at(program)) {
    case Program::kNode:
      return !node_runs_code_of_user_ || object == trace_.programs.at(program).path;
    case Program::kLlvm:
      return true;
    case Program::kPython:
      return base_name(object).starts_with("libcrypto.so.");
    case Program::kBinaryen:
    case Program::kShell:
    case Program::kOther:
      return false;
  }
  return false;
}

}  // namespace zc::engine::emscripten
