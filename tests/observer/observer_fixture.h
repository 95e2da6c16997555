// What the tests of the observer share: a subject that is run under it, and what was told of that.
//
// Thread: one per test. Ownership: a test owns what its run has told.
#pragma once

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/path.h"
#include "base/str.h"
#include "os/clock.h"
#include "os/command.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/memory_file.h"
#include "support/temporary_directory.h"
#include "wire/observation.h"
#include "wire/observation_channel.h"

namespace zc::observer {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

using Words = std::vector<std::string>;

constexpr std::string_view kSubject = ZCCACHE_SUBJECT;

// What a program did, and what was told about it.
struct Outcome {
  int exit_code = -1;
  std::string out;
  std::string err;
  std::vector<wire::ObservedEvent> records;  // borrow from `text`
  std::string text;

  // Records as "<kind> <errno> <bytes>", without who it was.
  // Without the mark of paths that were spelled relative.
  Words told() const {
    Words words;
    for (const wire::ObservedEvent& record : records) {
      words.push_back(
          str_cat(record.kind, ' ', record.error, ' ', without_dots(std::string(record.bytes))));
    }
    return words;
  }
  std::ptrdiff_t count(std::string_view kinds) const {
    return std::ranges::count_if(records,
                                 [&](const auto& record) { return kinds.contains(record.kind); });
  }
};

class Observer : public ::testing::Test {
 protected:
  Observer() {
    directory_ = std::filesystem::canonical(scratch_.path()).string();
    for (const char* directory : {"inner", "second", "third", "tree", "tree/leaf"}) {
      std::filesystem::create_directory(in(directory));
    }
    for (const char* file : {"present", "inner/file", "victim"}) {
      given_file(file, "text\n");
    }
  }

  std::string in(const std::string& name) const { return directory_ + "/" + name; }

  void given_file(const std::string& name, std::string_view text) const {
    std::filesystem::create_directories(std::filesystem::path(in(name)).parent_path());
    std::ofstream(in(name), std::ios::binary) << text;
  }

  Words environment() const {
    Words env = {"SUBJECT_HAS=1", "SUBJECT=" + std::string(kSubject), "TMPDIR=" + directory_};
    for (const char* name : {"PATH", "HOME", "RUSTUP_HOME", "CARGO_HOME"}) {
      // NOLINTNEXTLINE(concurrency-mt-unsafe)
      if (const char* value = std::getenv(name); value != nullptr) {
        env.push_back(str_cat(name, '=', value));
      }
    }
    return env;
  }

  // Runs args[0], a path, in the scratch directory; with `more` in its environment.
  Outcome run_alone(const Words& args, const Words& more = {}) const {
    Words env = environment();
    env.insert(env.end(), more.begin(), more.end());
    os::PosixCommandRunner runner;
    const auto output =
        runner.run({.args = args, .env = env, .cwd = directory_, .timeout_ms = 120'000});
    EXPECT_TRUE(output) << args[0];
    Outcome run;
    if (output) {
      run.exit_code = output->exit_code;
      run.out = output->out;
      run.err = output->err;
    }
    return run;
  }

  // `preload` is what the user preloads.
  Outcome observe(const Words& args, const std::string& preload = {},
                  const wire::Observing& how = {}) const {
    const Result<os::MemoryFile> channel = wire::make_observation_channel(how);
    EXPECT_TRUE(channel);
    const std::string path = str_cat("/proc/", ::getpid(), "/fd/", channel->fd());
    Outcome observed = run_alone(
        args, {"LD_PRELOAD=" ZCCACHE_OBSERVER + (preload.empty() ? preload : ":" + preload),
               "ZCCACHE_OBSERVE=" + path});
    const Result<std::string> text = wire::read_observation_channel(channel->bytes());
    EXPECT_TRUE(text) << text.error().message;
    observed.text = text.value_or("");
    const auto records = wire::decode_observation(observed.text);
    EXPECT_TRUE(records) << "not as documented: " << observed.text;
    observed.records = records.value_or(std::vector<wire::ObservedEvent>());
    return observed;
  }

  static Words subject(const std::string& part) { return {std::string(kSubject), part}; }

  // The scratch directory as it was before a part: each run makes the same files.
  void forget_what_was_made() const {
    for (const auto& entry : std::filesystem::directory_iterator(directory_)) {
      const std::set<std::string> kept = {"inner", "second", "third", "tree", "present", "victim"};
      if (!kept.contains(entry.path().filename().string())) {
        std::filesystem::remove_all(entry.path());
      }
    }
  }

  // Runs a part of the subject with and without the observer; nobody can tell the difference.
  Outcome observe_part(const std::string& part) const {
    const Outcome alone = run_alone(subject(part));
    forget_what_was_made();
    Outcome observed = observe(subject(part));
    EXPECT_EQ(alone.exit_code, 0) << part;
    EXPECT_EQ(observed.exit_code, alone.exit_code) << part;
    EXPECT_EQ(observed.out, alone.out) << part;
    EXPECT_EQ(observed.err, alone.err) << part;
    EXPECT_THAT(observed.told(), Contains(str_cat("H 0 ", kSubject)));
    return observed;
  }

  test::TemporaryDirectory scratch_;
  std::string directory_;  // without symlinks
};

}  // namespace zc::observer
