// Habits: what the programs of Emscripten do in each run, and make nothing of that a result could
// show. A table (habits.cc) names the program, what it asks for, and why.
//
// They are the habits of Emscripten's own code. Where the user has node run code of theirs
// (--js-library), or python (--js-transform; and the configuration is a script, which may read the
// clock), and where a tool writes what it asks for (file_packager), the rules of any declared
// command hold: a second run shows whether the result depends on the answers.
//
// Thread: value. Ownership: borrows the trace.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/observed/input_rules.h"
#include "engine/observed/trace.h"
#include "engine/request_environment.h"
#include "os/file_system.h"

namespace zc::engine::emscripten {

class Habits final : public InputRules {
 public:
  // `shared_cwd`: the working directory of a result that serves others, too; empty: it does not.
  Habits(const os::FileSystem& fs, const RequestEnvironment& env, const Trace& trace,
         std::string_view shared_cwd = {});

  bool is_passed_over(const PathAccess& seen) const override;
  bool is_idle_look(const MetadataQuery& look) const override;
  bool is_idle_question(const Query& question) const override;
  // A name that is there is removed or written over.
  bool writes_over_anything() const override { return !root_.empty(); }
  bool is_for_no_one(std::string_view path) const override {
    return !root_.empty() && is_lock(path);
  }
  std::string_view environment_reader() const override;
  bool is_uncounted(std::string_view variable) const override;
  // The empty file by which runs keep each other out of Emscripten's cache.
  static bool is_lock(std::string_view path);
  bool is_trusted(std::size_t program, std::string_view object) const override;

 private:
  enum class Program : std::uint8_t { kOther, kShell, kPython, kNode, kLlvm, kBinaryen };
  struct Habit;
  static const Habit kHabits[];

  static Program program_of(std::string_view path);
  bool is_shared_cwd(std::string_view path) const;
  bool is_beside_temporary(const PathAccess& seen) const;
  bool is_habit(std::size_t program, std::string_view what) const;
  void find_root();
  void forget_other_scripts();
  void read_first_script(const os::FileSystem& fs);
  void read_openings(const os::FileSystem& fs);
  bool is_code_of_user(std::string_view path) const;
  void read_configuration(const os::FileSystem& fs, std::string_view path);

  const Trace& trace_;
  std::vector<Program> programs_;  // of the trace
  std::string_view root_;          // Emscripten's own directory; empty: it was not seen
  // Whether the answers may reach the result after all.
  bool python_may_use_answers_ = false;
  bool names_may_count_ = false;  // of temporary files
  bool node_runs_code_of_user_ = false;
  bool python_may_use_any_variable_ = false;
  bool times_of_files_count_ = false;
  const std::string_view shared_cwd_;
};

}  // namespace zc::engine::emscripten
