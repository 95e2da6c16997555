// What `zccache doctor` finds in set-ups that are broken on purpose, and what --fix mends.
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "codec/json.h"
#include "fault/fake_daemon.h"
#include "fault/lifecycle_fixture.h"
#include "lifecycle/spawn.h"
#include "lifecycle/start_mark.h"
#include "os/file.h"

namespace zc {
namespace {

namespace fs = std::filesystem;

using test::FakeDaemon;
using test::kVersion;
using test::Lifecycle;
using test::Outcome;
using test::status_of_version;
using ::testing::HasSubstr;

class Doctor : public Lifecycle {
 protected:
  // PATH has no compiler but in the tests that want one: the compiles take most of the time.
  Doctor() {
    fs::create_directories(directory_ / "empty");
    search({directory_ / "empty"});
    settings("TMPDIR", directory_.path());
  }

  void search(const std::vector<std::string>& directories) {
    std::string path;
    for (const std::string& directory : directories) {
      str_append(path, path.empty() ? "" : ":", directory);
    }
    std::erase_if(variables_, [](const std::string& v) { return v.starts_with("PATH="); });
    settings("PATH", path);
  }

  void examine(const std::vector<std::string>& options = {},
               const std::string& programs = ZCCACHE_BIN_DIR) {
    std::vector<std::string> words = {"doctor", "--json"};
    words.insert(words.end(), options.begin(), options.end());
    const Outcome outcome = run_in(programs, "zccache", words);
    exit_code_ = outcome.exit_code;
    notes_ = outcome.err;
    const Result<codec::Json> document = codec::Json::parse(outcome.out);
    ASSERT_TRUE(document) << outcome.out << outcome.err;
    findings_.clear();
    for (const codec::Json& finding : document->at("findings").elements()) {
      findings_.push_back(str_cat(finding.at("check").as_text(), ' ',
                                  finding.at("verdict").as_text(), ": ",
                                  finding.at("text").as_text()));
      // Whatever is wrong, it is said what to do.
      const std::string verdict = finding.at("verdict").as_text();
      EXPECT_EQ(finding.at("remedy").as_text().empty(), verdict == "ok" || verdict == "mended")
          << findings_.back();
    }
  }

  // Whether there is a finding that begins with `begin` and has `part` in it.
  bool found(const std::string& begin, const std::string& part = "") const {
    return std::ranges::any_of(findings_, [&](const std::string& finding) {
      return finding.starts_with(begin) && finding.contains(part);
    });
  }

  std::string link(const std::string& directory, const std::string& name,
                   const std::string& target) {
    fs::create_directories(directory_ / directory);
    fs::create_symlink(target, directory_ / (directory + "/" + name));
    return directory_ / directory;
  }

  static mode_t rights_of(const std::string& path) {
    struct stat st = {};
    ::stat(path.c_str(), &st);
    return st.st_mode & 07777;
  }

  int exit_code_ = -1;
  std::string notes_;
  std::vector<std::string> findings_;
};

#define EXPECT_FOUND(...) EXPECT_TRUE(found(__VA_ARGS__)) << ::testing::PrintToString(findings_)
#define EXPECT_NOT_FOUND(...) \
  EXPECT_FALSE(found(__VA_ARGS__)) << ::testing::PrintToString(findings_)

TEST_F(Doctor, FindsNothingWrongWithAGoodSetUp) {
  search({ZCCACHE_BIN_DIR, "/usr/bin", "/bin"});
  ensure();
  examine();
  EXPECT_EQ(exit_code_, 0);
  EXPECT_FOUND("path ok", "zccache on PATH is");
  EXPECT_FOUND("storage ok", at_.root);
  EXPECT_FOUND("observer ok");
  EXPECT_FOUND("compile ok: gcc: a miss", "then a hit");
  EXPECT_NOT_FOUND("daemon problem");
  // Nothing is left of the compiles.
  for (const auto& entry : fs::directory_iterator(directory_.path())) {
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(HasSubstr("doctor")));
  }
}

TEST_F(Doctor, ClosesTheCacheToOtherUsers) {
  ensure();
  for (const mode_t rights : {0755, 0777}) {
    const std::string& directory = rights == 0755 ? at_.root : at_.top_root;
    ASSERT_EQ(::chmod(directory.c_str(), rights), 0);
    examine();
    EXPECT_EQ(exit_code_, rights == 0755 ? 0 : 1);
    EXPECT_FOUND(rights == 0755 ? "storage warning" : "storage problem", directory);
    examine({"--fix"});
    EXPECT_EQ(exit_code_, 0) << notes_;
    EXPECT_FOUND("storage mended", directory);
    EXPECT_FOUND("storage ok");
    EXPECT_EQ(rights_of(directory), 0700U);
  }
}

TEST_F(Doctor, RemovesWhatAKilledDaemonHasLeft) {
  ensure();
  const auto daemon = lifecycle::live_daemon(at_.lock);
  ASSERT_TRUE(daemon);
  ASSERT_TRUE(daemon->signal(SIGKILL));
  ASSERT_TRUE(daemon->wait_gone(test::kWaitMs));
  lifecycle::mark_start(at_);
  examine();
  EXPECT_EQ(exit_code_, 0);
  EXPECT_FOUND("daemon warning: a daemon that was killed");
  EXPECT_FOUND("daemon warning: the last start");
  EXPECT_TRUE(exists(at_.endpoint));
  examine({"--fix"});
  EXPECT_FOUND("daemon ok: no daemon runs");
  EXPECT_FALSE(exists(at_.endpoint));
  EXPECT_FALSE(exists(at_.lock));
  EXPECT_FALSE(exists(at_.start_mark()));
  ensure();
  EXPECT_TRUE(answers());
}

TEST_F(Doctor, LeavesARunningDaemonAlone) {
  ensure();
  const pid_t pid = daemon_pid();
  examine({"--fix"});
  EXPECT_EQ(daemon_pid(), pid);
  EXPECT_TRUE(answers());
}

TEST_F(Doctor, EndsADaemonOfAnOlderBuild) {
  const FakeDaemon older(at_.endpoint, status_of_version(str_cat(kVersion, "+1.aaaa")), true);
  examine();
  EXPECT_EQ(exit_code_, 0);
  EXPECT_FOUND("daemon warning: the daemon is of an older build");
  EXPECT_FALSE(older.was_asked_to_stop());
  examine({"--fix"});
  EXPECT_TRUE(older.was_asked_to_stop());
  EXPECT_FOUND("daemon mended");
}

TEST_F(Doctor, SaysThatADaemonIsOfANewerBuild) {
  const FakeDaemon newer(at_.endpoint, status_of_version("999.0.0"), true);
  examine({"--fix"});
  EXPECT_FOUND("daemon warning: the daemon is of a newer build, 999.0.0");
  EXPECT_FALSE(newer.was_asked_to_stop());
}

TEST_F(Doctor, FindsADaemonThatIsSilent) {
  ensure();
  suspend(daemon_pid());
  examine();
  EXPECT_EQ(exit_code_, 1);
  EXPECT_FOUND("daemon problem", "sends no reply");
}

// As in a container that shares the cache directory.
TEST_F(Doctor, FindsADaemonOfAnotherWorld) {
  search({ZCCACHE_BIN_DIR, directory_ / "empty", link("real", "cc", "/bin/true")});
  ensure();
  examine();
  EXPECT_NOT_FOUND("daemon problem");
  for (const char* other : {"--mount", "--pid"}) {
    const Outcome outcome = run_in(
        "/usr/bin", "unshare",
        {other, "--map-root-user", "--fork", std::string(ZCCACHE_BIN_DIR) + "/zccache", "doctor"});
    if (outcome.err.contains("unshare: ")) {
      GTEST_SKIP() << "no namespaces here: " << outcome.err;
    }
    EXPECT_EQ(outcome.exit_code, 1);
    EXPECT_THAT(outcome.out, HasSubstr("runs in another container, namespace or root directory"));
  }
}

// In namespaces of its own, where a test may take things from the kernel.
class DoctorOfNamespaces : public Doctor {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) {
      GTEST_SKIP() << "only root keeps its files in a user namespace";
    }
  }

  // What doctor prints after these lines of shell.
  Outcome examine_after(const std::string& lines) {
    return run_in("/usr/bin", "unshare",
                  {"--mount", "--map-root-user", "/bin/sh", "-ec",
                   str_cat("PATH=/usr/bin:/bin\n", lines, "\nPATH=", directory_.path(),
                           "/empty\nexec ", ZCCACHE_BIN_DIR, "/zccache doctor")});
  }
};

TEST_F(DoctorOfNamespaces, FindsAFileSystemThatIsNearlyFull) {
  fs::create_directories(at_.state);
  const Outcome outcome =
      examine_after(str_cat("mount -t tmpfs -o size=1m,mode=700 tmpfs ", at_.top_root,
                            "\nhead -c 1000000 /dev/zero >", at_.top_root, "/filled"));
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("warning  only "));
  EXPECT_THAT(outcome.out, HasSubstr("the cache is on tmpfs"));
}

TEST_F(DoctorOfNamespaces, FindsAFileSystemThatCannotBeWritten) {
  fs::create_directories(at_.state);
  const Outcome outcome =
      examine_after(str_cat("mount -t tmpfs -o ro,mode=700 tmpfs ", at_.top_root));
  EXPECT_EQ(outcome.exit_code, 1) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("problem  no file can be written in " + at_.top_root));
}

TEST_F(DoctorOfNamespaces, FindsThatNoChangesAreReported) {
  const Outcome outcome = examine_after("echo 0 >/proc/sys/user/max_inotify_instances");
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  EXPECT_THAT(outcome.out, HasSubstr("warning  the kernel reports no changes of files"));
}

TEST_F(Doctor, FindsLinksWithoutEffect) {
  const std::string client = std::string(ZCCACHE_BIN_DIR) + "/zccache";
  const std::string links = link("links", "gcc", client);
  link("links", "g++", client);
  link("links", "cc", "/nowhere/zccache");
  link("links", "gcc-99", client);
  link("real", "gcc", "/bin/true");
  const std::string real = link("real", "g++", "/bin/false");
  search({ZCCACHE_BIN_DIR, real, links});
  examine();
  EXPECT_EQ(exit_code_, 1);
  EXPECT_FOUND("path problem", links + "/gcc has no effect: " + real + "/gcc comes before it");
  EXPECT_FOUND("path warning", links + "/cc leads to a zccache that is gone");
  EXPECT_FOUND("path warning", links + "/gcc-99 stands for a gcc-99 that PATH does not have");

  search({ZCCACHE_BIN_DIR, links, real});
  examine({"--fix"});
  EXPECT_FOUND("path ok", links + "/gcc leads to");
  EXPECT_FOUND("path problem", links + "/g++ --version fails");
  EXPECT_FOUND("path mended", links + "/cc");
  EXPECT_FALSE(exists(links + "/cc"));
  EXPECT_FALSE(exists(links + "/gcc-99"));
  EXPECT_TRUE(exists(links + "/gcc"));
}

TEST_F(Doctor, FindsThatZccacheIsNotOnPath) {
  examine();
  EXPECT_FOUND("path warning: zccache is not on PATH");
  search({link("other", "zccache", "/bin/true")});
  examine();
  EXPECT_FOUND("path warning: PATH leads to another zccache");
}

TEST_F(Doctor, FindsOtherCaches) {
  link("opt", "ccache", "/bin/true");
  search({ZCCACHE_BIN_DIR, link("links", "gcc", directory_ / "opt/ccache")});
  settings("RUSTC_WRAPPER", "sccache");
  settings("CMAKE_C_COMPILER_LAUNCHER", "/nowhere/zccache");
  settings("CMAKE_CXX_COMPILER_LAUNCHER", "zccache");
  settings("CARGO_HOME", directory_ / "cargo");
  fs::create_directories(directory_ / "cargo");
  ASSERT_TRUE(os::replace_file(directory_ / "cargo/config.toml",
                               "[build]\nrustc-wrapper = \"/opt/bin/cachepot\"\n", 0600));
  examine();
  EXPECT_EQ(exit_code_, 1);
  EXPECT_FOUND("caches warning", "links/gcc is another cache");
  EXPECT_FOUND("caches warning: RUSTC_WRAPPER names another cache: sccache");
  EXPECT_FOUND("caches warning: rustc-wrapper in", "cachepot");
  EXPECT_FOUND("caches problem: CMAKE_C_COMPILER_LAUNCHER", "cannot be found");
  EXPECT_FOUND("caches ok: CMAKE_CXX_COMPILER_LAUNCHER is zccache");
}

TEST_F(Doctor, FindsThatZccacheIsSwitchedOff) {
  settings("ZCCACHE_DISABLE", "yes");
  examine();
  EXPECT_EQ(exit_code_, 0);
  EXPECT_FOUND("settings warning: zccache is switched off");
}

TEST_F(Doctor, MissesTheObserver) {
  const fs::path programs = directory_ / "programs";
  fs::create_directories(programs);
  for (const char* name : {"zccache", "zccache-cli", "zccache-daemon"}) {
    fs::copy_file(fs::path(ZCCACHE_BIN_DIR) / name, programs / name);
  }
  search({programs, "/usr/bin"});
  examine({}, programs);
  EXPECT_EQ(exit_code_, 1);
  EXPECT_FOUND("observer problem: the observer is not there");
  EXPECT_FOUND("compile problem: gcc: the first compile was not cached", "not_observed");
}

TEST_F(Doctor, CannotStartADaemonWithoutItsProgram) {
  const fs::path programs = directory_ / "programs";
  fs::create_directories(programs);
  for (const char* name : {"zccache", "zccache-cli", "libzccache-observer.so"}) {
    fs::copy_file(fs::path(ZCCACHE_BIN_DIR) / name, programs / name);
  }
  examine({}, programs);
  EXPECT_EQ(exit_code_, 1);
  EXPECT_FOUND("compile problem: no daemon can be started", "zccache-daemon");
}

TEST_F(Doctor, NeedsADirectoryForItsCompiles) {
  settings("TMPDIR", directory_ / "missing");
  std::erase_if(variables_,
                [&](const std::string& v) { return v == "TMPDIR=" + directory_.path(); });
  settings("X", "1");
  examine();
  EXPECT_EQ(exit_code_, 1);
  EXPECT_FOUND("compile problem: cannot make");
}

}  // namespace
}  // namespace zc
