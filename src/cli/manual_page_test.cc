// The manual page and the completions hold each command, option and variable, and their readers
// take them without complaint.
#include "cli/manual_page.h"

#include <regex>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/str.h"
#include "cli/command.h"
#include "cli/completion.h"
#include "cli/usage_parts.h"
#include "config/keys.h"
#include "os/command.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::cli {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

os::CommandOutput sh(const std::string& script) {
  const auto output = os::PosixCommandRunner().run(
      {.args = {"/bin/bash", "--norc", "-c", script}, .env = {"PATH=/usr/bin:/bin"}, .cwd = "/"});
  return output ? *output : os::CommandOutput{.exit_code = -1, .err = output.error().message};
}

bool has_program(const std::string& name) {
  return sh("command -v " + name).exit_code == 0;
}

std::string without_escapes(const std::string& page) {
  const std::string dashes = std::regex_replace(page, std::regex("\\\\-"), "-");
  return std::regex_replace(dashes, std::regex("\\\\&|\\\\f[BR]"), "");
}

TEST(ManualPage, HoldsEachCommandOptionAndVariable) {
  const std::string page = without_escapes(manual_page("1.2.3"));
  EXPECT_THAT(page, HasSubstr("zccache 1.2.3"));
  for (const Command& command : commands()) {
    EXPECT_THAT(page, HasSubstr(str_cat("\n.SS \"", command.name, "\"\n")));
    const std::size_t begin = page.find(str_cat("\n.SS \"", command.name, "\"\n"));
    const std::string section = page.substr(begin, page.find("\n.S", begin + 1) - begin);
    for (const Option& option : read_usage(command.usage).options()) {
      EXPECT_THAT(section, HasSubstr(option.name)) << command.name;
    }
  }
  for (const config::Key& key : config::keys()) {
    EXPECT_THAT(page, HasSubstr(key.variable()));
  }
}

TEST(ManualPage, IsSetWithoutWarnings) {
  const test::TemporaryDirectory directory;
  const std::string path = directory / "zccache.1";
  ASSERT_TRUE(os::replace_file(path, manual_page("1.2.3"), 0600));
  if (has_program("groff")) {
    const os::CommandOutput set = sh("groff -man -ww -Kutf8 -Tutf8 " + path + " >/dev/null");
    EXPECT_EQ(set.exit_code, 0);
    EXPECT_EQ(set.err, "");
  }
  if (has_program("man")) {
    const os::CommandOutput set = sh("LC_ALL=C.UTF-8 MANWIDTH=90 man --warnings -l " + path);
    EXPECT_EQ(set.err, "");
    EXPECT_THAT(set.out, HasSubstr("--input-file FILE"));
  }
}

// docs/manual.md says more of each, and of no others.
TEST(ManualPage, KnowsWhatTheManualDoes) {
  constexpr std::uint64_t kBytesMax = std::uint64_t{1} << 20;
  const auto manual = os::read_path(ZCCACHE_SOURCE_DIR "/docs/manual.md", kBytesMax);
  ASSERT_TRUE(manual);
  for (const Command& command : commands()) {
    EXPECT_TRUE(manual->contains(str_cat("`zccache ", command.name))) << command.name;
  }
  // The client sets it for itself.
  std::vector<std::string> known = {"ZCCACHE_NESTED"};
  for (const config::Key& key : config::keys()) {
    known.push_back(key.variable());
  }
  std::vector<std::string> explained;
  const std::regex row("\n\\| `(ZCCACHE_[A-Z_]+)` \\|");
  for (std::sregex_iterator it(manual->begin(), manual->end(), row), end; it != end; ++it) {
    explained.push_back((*it)[1]);
  }
  EXPECT_THAT(explained, ::testing::UnorderedElementsAreArray(known));
}

// What bash offers for a command line; the last word is the one at the cursor.
std::vector<std::string> completed(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    str_append(line, " '", word, "'");
  }
  const os::CommandOutput output = sh(str_cat(bash_completion(), "\ncompopt() { :; }\nCOMP_WORDS=(",
                                              line, ")\nCOMP_CWORD=", words.size() - 1,
                                              "\n_zccache\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"));
  EXPECT_EQ(output.err, "");
  return split_words(output.out, "\n");
}

TEST(BashCompletion, OffersEachCommandAndItsOptions) {
  const std::vector<std::string> names = completed({"zccache", ""});
  for (const Command& command : commands()) {
    EXPECT_THAT(names, Contains(command.name));
    const Usage usage = read_usage(command.usage);
    const std::string name(command.name);
    const std::vector<std::string> options = completed({"zccache", name, "-"});
    for (const Option& option : usage.options()) {
      EXPECT_THAT(options, Contains(option.name)) << name;
    }
    if (!usage.words().empty()) {
      const std::vector<std::string> words = completed({"zccache", name, ""});
      EXPECT_THAT(words, IsSupersetOf(usage.words())) << name;
    }
  }
}

TEST(BashCompletion, CompletesWhatIsTyped) {
  EXPECT_THAT(completed({"zccache", "stat"}), Contains("status"));
  EXPECT_THAT(completed({"zccache", "bas"}), Contains("bash"));  // a program on PATH
  EXPECT_THAT(completed({"zccache", "status", "--j"}), UnorderedElementsAre("--json"));
  EXPECT_THAT(completed({"zccache", "cache", "s"}), UnorderedElementsAre("size"));
  EXPECT_THAT(completed({"zccache", "completion", ""}), IsSupersetOf({"bash", "zsh", "fish"}));
  EXPECT_THAT(completed({"zccache", "status", "--endpoint", "/etc/pass"}), Contains("/etc/passwd"));
  EXPECT_THAT(completed({"zccache", "exec", "--input-env", ""}), IsEmpty());
  EXPECT_THAT(completed({"zccache", "exec", "--include-dir", "/us"}), Contains("/usr"));
}

TEST(BashCompletion, LeavesAnotherCommandLineToItself) {
  EXPECT_THAT(completed({"zccache", "run", "bas"}), Contains("bash"));
  EXPECT_THAT(completed({"zccache", "exec", "--no-cache", "--", "bas"}), Contains("bash"));
  EXPECT_THAT(completed({"zccache", "wrap", "--as", "x", "bas"}), Contains("bash"));
  EXPECT_THAT(completed({"zccache", "gcc", "-c", "/etc/pass"}), Contains("/etc/passwd"));
  EXPECT_THAT(completed({"zccache", "run", "make", "--j"}), Not(Contains("--json")));
}

TEST(Completions, OfOtherShellsHoldEachCommandAndOption) {
  const std::string zsh = zsh_completion();
  const std::string fish = fish_completion();
  for (const Command& command : commands()) {
    EXPECT_THAT(zsh, AllOf(HasSubstr(str_cat("'", command.name, ':')),
                           HasSubstr(str_cat("\n    ", command.name, ")\n"))));
    EXPECT_THAT(fish, HasSubstr(str_cat("-a ", command.name, " -d")));
    for (const Option& option : read_usage(command.usage).options()) {
      EXPECT_THAT(zsh, HasSubstr(str_cat(option.name, '[')));
      EXPECT_THAT(fish, HasSubstr(str_cat("__fish_seen_subcommand_from ", command.name, "' -",
                                          option.name.starts_with("--") ? "l " : "s ",
                                          option.name.substr(option.name.find_first_not_of('-')))));
    }
  }
  const test::TemporaryDirectory directory;
  ASSERT_TRUE(os::replace_file(directory / "zsh", zsh, 0600));
  ASSERT_TRUE(os::replace_file(directory / "fish", fish, 0600));
  for (const std::string shell : {"zsh", "fish"}) {
    if (has_program(shell)) {
      const os::CommandOutput parsed = sh(str_cat(shell, " -n ", directory / shell));
      EXPECT_EQ(parsed.exit_code, 0) << parsed.err;
    }
  }
}

}  // namespace
}  // namespace zc::cli
