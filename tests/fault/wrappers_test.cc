// Wrappers and other caches that stand before the compiler and call us: whatever they look like,
// the compile is done once, or ends with a message; it never runs in a circle.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/str.h"
#include "lifecycle/connect.h"
#include "lifecycle/locations.h"
#include "os/command.h"
#include "support/patience.h"
#include "support/temporary_directory.h"

namespace zc {
namespace {

using test::kWaitMs;
using ::testing::HasSubstr;

class Wrappers : public ::testing::Test {
 protected:
  Wrappers() { std::ofstream(in("a.c")) << "int a;\n"; }
  ~Wrappers() override {
    const lifecycle::Environment lookup = [&](const char* name) -> const char* {
      return std::string_view(name) == "ZCCACHE_CACHE_DIR" ? cache_.c_str() : nullptr;
    };
    const auto at = lifecycle::locate(lookup, ZCCACHE_VERSION, "/", ::geteuid());
    if (const auto daemon = lifecycle::live_daemon(at->lock)) {
      (void)daemon->signal(SIGKILL);
      daemon->wait_gone(kWaitMs);
    }
  }

  std::string in(const std::string& path) const { return directory_ / path; }

  void given_script(const std::string& path, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(in(path)).parent_path());
    std::ofstream(in(path)) << "#!/bin/sh\n" << text << '\n';
    ASSERT_EQ(::chmod(in(path).c_str(), 0755), 0);
  }
  void given_link(const std::string& path, const std::string& target) const {
    std::filesystem::create_directories(std::filesystem::path(in(path)).parent_path());
    std::filesystem::create_symlink(target, in(path));
  }

  // Compiles a.c by `words`, with these directories on PATH.
  os::CommandOutput compile(std::vector<std::string> words, const std::string& path) const {
    words.insert(words.end(), {"-c", "a.c", "-o", "a.o"});
    std::filesystem::remove(in("a.o"));
    os::PosixCommandRunner runner;
    const auto out = runner.run({.args = std::move(words),
                                 .env = {"PATH=" + path, "ZCCACHE_CACHE_DIR=" + cache_},
                                 .cwd = directory_.path(),
                                 .timeout_ms = kWaitMs});
    EXPECT_TRUE(out) << out.error().message;
    return out.value_or(os::CommandOutput{.exit_code = -1, .out = {}, .err = {}});
  }
  void expect_compiled(const std::vector<std::string>& words, const std::string& path) const {
    const os::CommandOutput out = compile(words, path);
    EXPECT_EQ(out.exit_code, 0) << out.err;
    EXPECT_EQ(out.err, "");
    EXPECT_TRUE(std::filesystem::exists(in("a.o")));
  }

  const std::string zccache_ = str_cat(ZCCACHE_BIN_DIR, "/zccache");
  const std::string real_ = "/usr/bin:/bin";
  test::TemporaryDirectory directory_;
  const std::string cache_ = directory_ / "cache";
};

TEST_F(Wrappers, AScriptOfTheCompilersNameLeadsToTheCompiler) {
  given_script("b/gcc", str_cat("exec ", zccache_, " gcc \"$@\""));
  for (int i = 0; i < 3; ++i) {
    expect_compiled({in("b/gcc")}, str_cat(in("b"), ':', real_));
    expect_compiled({zccache_, "gcc"}, str_cat(in("b"), ':', real_));
  }
}

TEST_F(Wrappers, SeveralScriptsAndScriptsThatAddArguments) {
  given_script("b/gcc", str_cat("exec ", zccache_, " gcc -DX \"$@\""));
  given_script("c/gcc", str_cat(zccache_, " gcc \"$@\" -DY || exit"));
  expect_compiled({zccache_, "gcc"}, str_cat(in("b"), ':', in("c"), ':', real_));
  expect_compiled({zccache_, "gcc"}, str_cat(in("c"), ':', in("b"), ':', real_));
}

TEST_F(Wrappers, WithoutACompilerTheLoopEndsWithAMessage) {
  given_script("b/gcc", str_cat("exec ", zccache_, " gcc \"$@\""));
  given_script("c/gcc", str_cat("exec ", zccache_, " gcc -DX \"$@\""));
  given_script("d/cc", str_cat("exec ", zccache_, ' ', in("d/cc"), " \"$@\""));
  const auto expect_message = [&](const std::vector<std::string>& words, const std::string& path) {
    const os::CommandOutput out = compile(words, path);
    EXPECT_EQ(out.exit_code, 127);
    EXPECT_THAT(out.err, HasSubstr("calls zccache")) << path;
  };
  expect_message({zccache_, "gcc"}, in("b"));
  expect_message({zccache_, "gcc"}, in("c"));
  expect_message({in("d/cc")}, real_);
}

TEST_F(Wrappers, CopiesOfTheClientDoNotTakeEachOtherForTheCompiler) {
  for (const char* directory : {"m1", "m2", "m3"}) {
    std::filesystem::create_directories(in(directory));
    std::filesystem::copy_file(zccache_, in(str_cat(directory, "/gcc")));
  }
  expect_compiled({in("m2/gcc")}, str_cat(in("m1"), ':', in("m2"), ':', in("m3"), ':', real_));
}

TEST_F(Wrappers, ACacheThatLooksAlongPathAsWeDo) {
  // Passes over its own stand-ins alone, as ccache does.
  given_script("lib/ccache-4",
               "me=${0##*/}; [ \"$me\" = ccache ] && { me=$1; shift; }\n"
               "IFS=:; for d in $PATH; do [ -x \"$d/$me\" ] && "
               "case $(/usr/bin/readlink -f \"$d/$me\") in */ccache-4) ;; "
               "*) exec \"$d/$me\" \"$@\";; esac; done; exit 99");
  given_link("opt/ccache", "../lib/ccache-4");
  given_link("theirs/gcc", in("lib/ccache-4"));
  given_link("ours/gcc", zccache_);
  const std::string both = str_cat(in("ours"), ':', in("theirs"), ':', in("opt"), ':', real_);
  expect_compiled({in("ours/gcc")}, both);
  expect_compiled({in("theirs/gcc")}, both);
  expect_compiled({zccache_, "gcc"}, both);
  expect_compiled({zccache_, "ccache", "gcc"}, both);
  expect_compiled({in("opt/ccache"), "gcc"}, both);
}

TEST_F(Wrappers, AProgramInOurPlaceGetsTheMarkAndItsArguments) {
  given_script("b/tool", "env; printf '%s|' \"$@\"");
  const os::CommandOutput out = compile({zccache_, in("b/tool")}, real_);
  EXPECT_THAT(out.out, HasSubstr("ZCCACHE_NESTED="));
  EXPECT_THAT(out.out, HasSubstr("-c|a.c|-o|a.o|"));
}

TEST_F(Wrappers, AScriptThatDoesNotSayWhatRunsIt) {
  given_script("b/gcc", "");
  std::ofstream(in("b/gcc")) << "exec /usr/bin/gcc \"$@\"\n";
  expect_compiled({zccache_, "gcc"}, str_cat(in("b"), ':', real_));
}

}  // namespace
}  // namespace zc
