#include "engine/emscripten/habits.h"

#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/observed/variables.h"
#include "support/mem_file_system.h"

namespace zc::engine::emscripten {
namespace {

// A run of emcc, as far as the habits go by it: python reads its script, and starts node.
class HabitsTest : public testing::Test {
 protected:
  enum : std::size_t { kShell, kPython, kNode, kNm, kOther };

  HabitsTest() {
    fs_.write("/usr/bin/emcc", "#!/bin/sh\nexec python3 \"/em/$(basename \"$0\").py\" \"$@\"\n");
    for (const char* path : {"/bin/dash", "/usr/bin/python3.11", "/usr/bin/node",
                             "/usr/bin/llvm-nm-14", "/usr/bin/perl"}) {
      trace_.programs.push_back({.path = path, .first_read = {}, .objects = {}});
    }
    trace_.programs.front().first_read = "/usr/bin/emcc";
    opened(kPython, "/em/emcc.py");
    opened(kNode, "/em/src/compiler.js");
  }

  void opened(std::size_t program, const char* path) {
    trace_.openings.push_back({.path = path, .program = program});
  }
  Habits habits() const { return {fs_, RequestEnvironment(assignments_), trace_}; }
  bool is_idle(std::size_t program, const char* what) const {
    return habits().is_idle_question({.about = what, .program = program});
  }
  bool is_idle_look(std::size_t program, const char* path) const {
    return habits().is_idle_look(
        {.at = MetadataQuery::At::kMetadata, .query = {.about = path, .program = program}});
  }

  test::MemFileSystem fs_;
  std::vector<std::string_view> assignments_;
  Trace trace_;
};

TEST_F(HabitsTest, ProgramsAskForTimeAndRandomNumbersInEachRun) {
  for (const char* what :
       {"time", "localtime", "clock_gettime", "getrandom", "getpid", "gettid", "stat"}) {
    EXPECT_TRUE(is_idle(kPython, what)) << what;
  }
  for (const char* what :
       {"time", "gettimeofday", "getentropy", "/proc/meminfo", "getpid", "gettid", "stat"}) {
    EXPECT_TRUE(is_idle(kNode, what)) << what;
  }
  for (const char* what : {"getpid", "getppid", "stat"}) {
    EXPECT_TRUE(is_idle(kShell, what)) << what;
  }
  EXPECT_TRUE(is_idle(kNm, "arc4random"));
  EXPECT_TRUE(is_idle(kNm, "stat"));
  EXPECT_FALSE(is_idle(kPython, "getppid"));
  EXPECT_FALSE(is_idle(kNode, "localtime"));
  EXPECT_FALSE(is_idle(kPython, "getpwuid"));
  EXPECT_FALSE(is_idle(kOther, "time"));
  EXPECT_FALSE(is_idle(kShell, "time"));
}

TEST_F(HabitsTest, AScriptInFrontMayUseTheNumberOfItsShell) {
  for (const char* words :
       {"exec emcc -DRUN=$$ \"$@\"", "echo $PPID >>log", "[ a -nt b ] && rm b"}) {
    fs_.write("/usr/bin/emcc", std::string("#!/bin/sh\n") + words + '\n');
    EXPECT_FALSE(is_idle(kShell, "getpid")) << words;
  }
  fs_.write("/usr/bin/emcc", "#!/bin/sh\n# $$ in a comment\nexec python3 /em/emcc.py\n");
  EXPECT_TRUE(is_idle(kShell, "getpid"));
  trace_.programs.front().first_read = "/home/u/build.sh";
  EXPECT_FALSE(is_idle(kShell, "getpid"));
  trace_.programs.push_back({.path = "/bin/dash", .first_read = "/usr/bin/emcc", .objects = {}});
  EXPECT_FALSE(is_idle(trace_.programs.size() - 1, "getpid"));
}

TEST_F(HabitsTest, AForkedProcessMayBeAnyProgram) {
  EXPECT_FALSE(habits().is_idle_question({.about = "time", .program = kPython, .is_forked = true}));
}

TEST_F(HabitsTest, WithoutEmscriptensScriptNothingIsKnown) {
  trace_.openings.clear();
  EXPECT_FALSE(is_idle(kNode, "time"));
  EXPECT_FALSE(habits().writes_over_anything());
  EXPECT_FALSE(habits().is_trusted(kNode, "/usr/bin/node"));
  EXPECT_EQ(habits().environment_reader(), "");
}

TEST_F(HabitsTest, CodeOfTheUsersInNodeMayUseTheAnswers) {
  opened(kNode, "/proc/meminfo");
  opened(kNode, "/usr/share/nodejs/acorn/dist/acorn.js");
  opened(kNode, "/etc/ssl/openssl.cnf");
  EXPECT_TRUE(is_idle(kNode, "time"));
  opened(kNode, "/home/u/library.js");
  EXPECT_FALSE(is_idle(kNode, "time"));
  EXPECT_TRUE(is_idle(kPython, "time"));
  EXPECT_EQ(habits().environment_reader(), "");
}

TEST_F(HabitsTest, ScriptsOfTheUsersInPythonMayUseTheAnswers) {
  trace_.programs.push_back({.path = "/usr/bin/python3.11", .first_read = {}, .objects = {}});
  opened(kOther + 1, "/home/u/transform.py");
  EXPECT_TRUE(is_idle(kPython, "time"));
  EXPECT_FALSE(is_idle(kOther + 1, "time"));
}

TEST_F(HabitsTest, ScriptsAmongTheWordsOfACommandMayUseTheAnswers) {
  for (const char* path : {"/usr/bin/python3.11", "/usr/bin/node"}) {
    trace_.programs.push_back({.path = path, .first_read = {}, .objects = {}});
  }
  EXPECT_FALSE(is_idle(kOther + 1, "time"));
  EXPECT_FALSE(is_idle(kOther + 2, "time"));
  EXPECT_TRUE(is_idle(kNode, "time"));
}

TEST_F(HabitsTest, ThePackagerWritesRandomNumbers) {
  opened(kPython, "/em/tools/file_packager.py");
  EXPECT_FALSE(is_idle(kPython, "getrandom"));
}

TEST_F(HabitsTest, ALinkerMayGoByTheNamesOfTemporaryObjects) {
  trace_.passing = {"/tmp/emscripten_temp_x/a_0.o"};
  EXPECT_FALSE(is_idle(kPython, "getrandom"));
  EXPECT_TRUE(is_idle(kPython, "time"));
  trace_.passing = {"/home/u/lib.a.temp-archive-0123abc.a"};
  EXPECT_TRUE(is_idle(kPython, "getrandom"));
}

TEST_F(HabitsTest, WhereARunIsIsAHabitOfWhatServesOtherDirectories) {
  const Habits bound = habits();
  const Habits shared(fs_, RequestEnvironment(assignments_), trace_, "/home/u/w");
  const Query where = {.about = "getcwd", .program = kPython};
  const MetadataQuery look = {.at = MetadataQuery::At::kMetadata,
                              .query = {.about = "/home/u/w/./.", .program = kShell}};
  const PathAccess directory = {.path = "/home/u/w", .looked_at = true};
  EXPECT_FALSE(bound.is_idle_question(where) || bound.is_idle_look(look) ||
               bound.is_passed_over(directory) || bound.is_uncounted("PWD"));
  EXPECT_TRUE(shared.is_idle_question(where) && shared.is_idle_look(look) &&
              shared.is_passed_over(directory) && shared.is_uncounted("PWD"));
  EXPECT_FALSE(shared.is_uncounted("OLDPWD"));
  opened(kPython, "/home/u/w");
  EXPECT_FALSE(shared.is_passed_over({.path = "/home/u/w", .opened = true}));
  EXPECT_FALSE(shared.is_passed_over({.path = "/home/u/w/a.h", .looked_at = true}));
  EXPECT_TRUE(is_unread_by(shared.environment_reader(), "PWD"));
  EXPECT_TRUE(is_unread_by(shared.environment_reader(), "SHLVL"));
  EXPECT_FALSE(is_unread_by(shared.environment_reader(), "EMCC_CFLAGS"));
  EXPECT_FALSE(is_unread_by(bound.environment_reader(), "PWD"));
}

TEST_F(HabitsTest, NoOtherRunLooksBesideATemporaryFileOfPythons) {
  const auto is_passed_over = [&](const char* path) {
    return habits().is_passed_over({.path = path, .missing = true});
  };
  trace_.passing = {"/tmp/tmpabcd1234.cc.js", "/home/u/a.wasm.tmp", "/home/u/tmp.js"};
  EXPECT_TRUE(is_passed_over("/tmp/tmpabcd1234.cc.js.map"));
  EXPECT_FALSE(is_passed_over("/home/u/a.wasm.tmp.map"));
  EXPECT_FALSE(is_passed_over("/home/u/tmp.js.map"));
  EXPECT_FALSE(habits().is_passed_over(
      {.path = "/tmp/tmpabcd1234.cc.js.map", .looked_at = true, .missing = true}));
}

TEST_F(HabitsTest, AConfigurationIsAScriptThatMayAsk) {
  fs_.write("/em/.emscripten", "# import time\nLLVM_ROOT = '/usr/bin'\n");
  opened(kPython, "/em/.emscripten");
  EXPECT_TRUE(is_idle(kPython, "time"));
  EXPECT_EQ(habits().environment_reader(), "emscripten");
  fs_.write("/em/.emscripten", "import os\nLLVM_ROOT = os.getenv('LLVM')\n");
  EXPECT_TRUE(is_idle(kPython, "time"));
  EXPECT_EQ(habits().environment_reader(), "");
  fs_.write("/home/u/config", "LLVM_ROOT = '/opt/' + str(uuid.uuid4())\n");
  EXPECT_TRUE(is_idle(kPython, "time"));
  opened(kPython, "/home/u/config");
  EXPECT_FALSE(is_idle(kPython, "time"));
  trace_.openings.pop_back();
  fs_.write("/em/.emscripten", "import time\nCACHE = '/tmp/' + str(time.time())\n");
  EXPECT_FALSE(is_idle(kPython, "time"));
  fs_.write("/em/.emscripten", "import os\nCACHE = '/tmp/' + str(os.getpid())\n");
  EXPECT_FALSE(is_idle(kPython, "getpid"));
}

TEST_F(HabitsTest, TimesCountOfPythonsModulesAlone) {
  EXPECT_TRUE(is_idle_look(kPython, "/home/u/a.c"));
  EXPECT_TRUE(is_idle_look(kNm, "/home/u/a.o"));
  EXPECT_FALSE(is_idle_look(kPython, "/em/tools/shared.py"));
  EXPECT_FALSE(is_idle_look(kPython, "/usr/lib/python3.11/os.py"));
  EXPECT_FALSE(is_idle_look(kNode, "/home/u/library.js"));
  assignments_ = {"EMCC_LOCAL_PORTS=zlib=/home/u/zlib"};
  EXPECT_FALSE(is_idle_look(kPython, "/home/u/zlib/zlib.h"));
  EXPECT_FALSE(is_idle(kPython, "stat"));
}

}  // namespace
}  // namespace zc::engine::emscripten
