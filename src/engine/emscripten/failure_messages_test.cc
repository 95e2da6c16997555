#include "engine/emscripten/failure_messages.h"

#include <string>

#include <gtest/gtest.h>

#include "base/str.h"

namespace zc::engine::emscripten {
namespace {

constexpr std::string_view kOfClang =
    "a.c:1:24: error: use of undeclared identifier 'x'\n"
    "int main(void){ return x; }\n"
    "                       ^\n"
    "1 error generated.\n";
constexpr std::string_view kClangFailed =
    "emcc: error: '/usr/bin/clang-14 -c a.c -o a.o' failed (returned 1)\n";
constexpr std::string_view kOfScript =
    "error: undefined symbol: f (referenced by top-level compiled C/C++ code)\n"
    "warning: _f may need to be added to EXPORTED_FUNCTIONS if it arrives from a system library\n"
    "Error: Aborting compilation due to previous errors\n";
constexpr std::string_view kScriptFailed =
    "em++: error: '/usr/bin/node compiler.js /tmp/tmph0fdjquz.json' failed (returned 1)\n";

TEST(FailureMessagesTest, KnowsErrorsOfWhatACommandWasGiven) {
  for (const std::string& err : {
           str_cat(kOfClang, kClangFailed),
           str_cat("emcc: warning: `-s X` is ignored [-Wunused]\n", kOfClang, kClangFailed),
           str_cat("wasm-ld-14: error: unable to find library -lf\n",
                   "emcc: error: 'wasm-ld -lf' failed (returned 1)\n"),
           str_cat(kOfScript, kScriptFailed),
           std::string("emcc: error: f.o: No such file or directory (\"f.o\" was expected to be an "
                       "input file, based on the commandline arguments provided)\n"),
           str_cat("a.c:1:24: \x1b[0;1;31merror: \x1b[0muse of undeclared identifier 'x'\n",
                   "\x1b[1memcc: \x1b[31merror: \x1b[0m'clang -c' failed (returned 1)\n"),
       }) {
    EXPECT_TRUE(are_about_inputs(err)) << err;
  }
}

TEST(FailureMessagesTest, TakesNothingElseForThem) {
  for (const std::string& err : {
           std::string(),
           std::string("\n"),
           std::string(kOfClang),
           std::string(kClangFailed),
           std::string(kOfScript),
           // By a signal, or another number.
           str_cat(kOfClang, "emcc: error: 'clang -c a.c' failed (received SIGKILL (-9))\n"),
           str_cat(kOfClang, "emcc: error: 'clang -c a.c' failed (returned 70)\n"),
           // Of the machine.
           str_cat("a.c:1:1: error: unable to write: No space left on device\n", kClangFailed),
           str_cat("error: unable to open output file 'a.o': 'Permission denied'\n", kClangFailed),
           str_cat("wasm-ld: error: failed to open a.wasm: Permission denied\n", kClangFailed),
           str_cat("error: undefined symbol: f\nerror: cannot open f.json\n",
                   "Error: Aborting compilation due to previous errors\n", kScriptFailed),
           str_cat("error: undefined symbol: f\nwarning: EMFILE: Too many open files\n",
                   "Error: Aborting compilation due to previous errors\n", kScriptFailed),
           str_cat("Error: Aborting compilation due to previous errors\n", kScriptFailed),
           str_cat(kOfScript, "Killed\n", kScriptFailed),
           std::string("emcc: error: f.o: Permission denied\n"),
           std::string("emcc: error: a.js: No such file or directory\n"),
           // Of the configuration, and of the command.
           std::string("emcc: error: LLVM_ROOT is not set\n"),
           std::string("emcc: warning: a word is ignored [-Wunused]\n"),
       }) {
    EXPECT_FALSE(are_about_inputs(err)) << err;
  }
}

}  // namespace
}  // namespace zc::engine::emscripten
