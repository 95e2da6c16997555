// What the programs make of words that a user types.
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "codec/json.h"
#include "fault/lifecycle_fixture.h"
#include "os/file.h"

namespace zc {
namespace {

using test::Lifecycle;
using test::Outcome;
using ::testing::HasSubstr;

class Words : public Lifecycle {
 protected:
  codec::Json json_of(const std::vector<std::string>& words) {
    return codec::Json::parse(run("zccache", words).out).value_or(codec::Json());
  }
};

// The client hands over what is no compiler, and zccache-cli says what may have been meant.
TEST_F(Words, AreHandedOverUnlessACompilerIsMeant) {
  settings("ZCCACHE_NO_SPAWN", "1");
  settings("PATH", "/usr/bin:/bin");
  struct Typed {
    std::vector<std::string> words;
    int exit_code;
    std::string answer;
  };
  for (const Typed& typed : std::vector<Typed>{
           {{"statsu"}, 127, "did you mean: zccache status"},
           {{"no-such-compiler", "-c", "a.c"}, 127, "cannot find no-such-compiler on PATH"},
           {{"no/such/compiler", "-c", "a.c"}, 127, "cannot run no/such/compiler: no such program"},
           {{"-s"}, 1, "daemon not running"},
           {{"-z"}, 0, "set to zero"},
           {{"zero", "--days"}, 2, "zccache zero --help"},
           {{"status", "--format", "xml"}, 2, "only text, json and prometheus"},
           {{"status", "--days", "0"}, 2, "'0' is no number of days"},
           {{"status", "--days"}, 2, "is no number of days"},
           {{"-c", "a.c"}, 2, "behind its name"},
           {{"wrap", "--help"}, 0, "usage: zccache wrap"},
           {{"status", "--help"}, 0, "usage: zccache status"},
           {{"status", "--jsno"}, 2, "zccache status --help"},
           {{"--", "/bin/echo", "compiled"}, 0, "compiled"},
           {{"cc", "-dumpmachine"}, 0, "linux"},
           {{"status", "--endpoint", "/nowhere/s.sock"}, 1, "not running at /nowhere/s.sock"},
           {{"stop", "--endpoint=/nowhere/s.sock"}, 0, "not running at /nowhere/s.sock"},
           {{"status", "--endpoint"}, 2, "usage: zccache status"},
       }) {
    const Outcome outcome = run("zccache", typed.words);
    EXPECT_EQ(outcome.exit_code, typed.exit_code) << typed.words.front();
    EXPECT_THAT(outcome.out + outcome.err, HasSubstr(typed.answer)) << typed.words.front();
  }
}

TEST_F(Words, TheCacheIsShownWithoutADaemon) {
  const std::string source = directory_ / "a.c";
  const std::string object = directory_ / "a.o";
  ASSERT_TRUE(os::replace_file(source, "int a;\n", 0600));
  ensure();
  ASSERT_EQ(run("zccache", {"/usr/bin/gcc", "-c", source, "-o", object}).exit_code, 0);
  ASSERT_THAT(run("zccache", {"status"}).out, HasSubstr("1 for 1 command\n"));
  ASSERT_EQ(run("zccache", {"stop"}).exit_code, 0);

  const Outcome status = run("zccache", {"status"});
  EXPECT_EQ(status.exit_code, 1);
  EXPECT_THAT(status.err, HasSubstr("daemon not running"));
  EXPECT_THAT(status.out, HasSubstr("1 for 1 command\n"));
  EXPECT_EQ(json_of({"status", "--json"}).at("store").at("results").as_u64(), 1U);

  EXPECT_EQ(run("zccache", {"cache-root"}).out, at_.root + "\n");
  const codec::Json root = json_of({"cache-root", "--json"});
  EXPECT_EQ(root.at("cache_root").as_text(), at_.root);
  EXPECT_EQ(root.at("source").as_text(), "env:ZCCACHE_CACHE_DIR");
  EXPECT_EQ(root.at("daemon_namespace").as_text(), "default");
  EXPECT_EQ(root.at("daemon_endpoint").as_text(), at_.endpoint);

  const codec::Json size = json_of({"cache", "size", "--json"});
  EXPECT_EQ(size.at("cache_root").as_text(), at_.root);
  EXPECT_GT(size.at("bytes").as_u64(), 0U);
  EXPECT_EQ(
      run("zccache", {"cache", "size"}).out,
      str_cat(size.at("bytes").as_u64(), '\t', size.at("human").as_text(), '\t', at_.root, '\n'));
  const auto caches = json_of({"cache", "list", "--json"}).at("caches").elements();
  ASSERT_EQ(caches.size(), 1U);
  EXPECT_EQ(caches[0].at("version").as_text(), test::kVersion);
  EXPECT_EQ(caches[0].at("bytes").as_u64(), size.at("bytes").as_u64());
  EXPECT_EQ(run("zccache", {"cache"}).exit_code, 2);
  EXPECT_EQ(run("zccache", {"cache", "szie"}).exit_code, 2);
}

TEST_F(Words, WhatCannotBePrintedIsAFailure) {
  const std::string command = str_cat("exec ", ZCCACHE_BIN_DIR, "/zccache-cli help >/dev/full");
  const Outcome outcome = run_in("/bin", "sh", {"-c", command});
  EXPECT_EQ(outcome.exit_code, 1);
  EXPECT_THAT(outcome.err, HasSubstr("cannot write to standard output: No space left on device"));
}

}  // namespace
}  // namespace zc
