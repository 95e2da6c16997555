// What the observer tells of any command: in which way it writes, and how its second run is kept
// apart.
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
#include "observer_fixture.h"
#include "os/clock.h"
#include "os/command.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/memory_file.h"
#include "support/temporary_directory.h"
#include "wire/observation.h"
#include "wire/observation_channel.h"

namespace zc::observer {
namespace {

class Command : public Observer {
 protected:
  Words run(const std::string& script, const wire::Observing& how = {}) const {
    return observe({"/bin/sh", "-c", script}, {}, how).told();
  }
  static auto way(int way, const std::string& path) {
    return Contains(str_cat("I ", way, ' ', path));
  }
};

TEST_F(Command, TellsWhatComesOfTheFileThatIsThere) {
  const Words told = run("echo > emptied; echo >> new; echo >> present; set -C; echo > alone");
  EXPECT_THAT(told, Not(Contains(AllOf(StartsWith("I "), HasSubstr(in("emptied"))))));
  EXPECT_THAT(told, way(ENOENT, in("new"))) << "what was there would have stayed";
  EXPECT_THAT(told, way(0, in("present")));
  EXPECT_THAT(told, way(ENOENT, in("alone")));
}

TEST_F(Command, TellsHowPathsAreReplacedAndChanged) {
  const Words told =
      run("mv -f victim moved; mv -f moved present; ln -s x link; chmod 600 present; "
          "touch -d 2001-01-01 present; mktemp ./XXXXXX > /dev/null");
  EXPECT_THAT(told, way(ENOENT, in("moved")));
  EXPECT_THAT(told, way(EEXIST, in("present")));
  EXPECT_THAT(told, way(ENOENT, in("link")));
  EXPECT_THAT(told, way(EACCES, in("present")));
  EXPECT_THAT(told, way(EPERM, in("present")));
}

TEST_F(Command, AFileThatIsEmptiedButNotMadeMustBeThere) {
  EXPECT_THAT(run("dd if=victim of=present conv=nocreat status=none"), way(0, in("present")));
}

TEST_F(Command, ActionsOfASpawnHaveTheirWays) {
  const Words told = observe_part("working_directories").told();
  EXPECT_THAT(told, Contains(AllOf(StartsWith("I "), HasSubstr(in("spawned")))));
}

TEST_F(Command, SystemCallsHaveTheirWays) {
  EXPECT_THAT(observe_part("system_calls").told(), Contains(StartsWith("I ")));
}

TEST_F(Command, ItsClockCanBeShifted) {
  constexpr std::int64_t kShiftS = 1'000'000'000;
  for (const char* part : {"clocks"}) {
    const std::int64_t real = std::stoll(run_alone(subject(part)).out);
    const Outcome shifted = observe(subject(part), {}, {.clock_shift_s = kShiftS});
    std::istringstream clocks(shifted.out);
    int count = 0;
    for (std::int64_t seconds = 0; clocks >> seconds; ++count) {
      EXPECT_NEAR(static_cast<double>(seconds - real), static_cast<double>(kShiftS), 100) << count;
    }
    EXPECT_EQ(count, 5) << "time, time into, gettimeofday, clock_gettime, timespec_get";
  }
}

TEST_F(Command, AnUnknownProgramHasNumbersOfItsOwn) {
  const wire::Observing unknown = {.unknown_since_ns = os::wall_ns()};
  EXPECT_THAT(run("echo $$", unknown), Contains("G 0 getpid"));
  EXPECT_THAT(run("echo $$"), Not(Contains("G 0 getpid")));
  EXPECT_THAT(run("mktemp -u", unknown), Contains("G 0 getrandom"));
}

TEST_F(Command, TimesOfItsOwnFilesAreTheTime) {
  const wire::Observing unknown = {.unknown_since_ns = os::wall_ns()};
  EXPECT_THAT(run("echo > new; stat -c %Y new", unknown), Contains("C 0 stat"));
  EXPECT_THAT(run("echo > new2; stat -c %Y new2"), Not(Contains("C 0 stat")));
  const wire::Observing later = {.unknown_since_ns = os::wall_ns() + 1'000'000'000'000};
  EXPECT_THAT(run("stat -c %Y present", later), Not(Contains("C 0 stat"))) << "an older file";
}

TEST_F(Command, TimesAndNumbersOfItsOwnFilesAreShiftedToo) {
  constexpr std::int64_t kShiftS = 1'000'000'000;
  const std::int64_t now_s = os::wall_ns() / os::kSecondNs;
  const wire::Observing how = {.clock_shift_s = kShiftS, .unknown_since_ns = os::wall_ns()};
  const Outcome times = observe({"/bin/sh", "-c", "echo > new; stat -c '%Y %i' new"}, {}, how);
  std::istringstream words(times.out);
  std::int64_t seconds = 0;
  std::uint64_t number = 0;
  words >> seconds >> number;
  EXPECT_NEAR(static_cast<double>(seconds - now_s), static_cast<double>(kShiftS), 100);
  struct stat file = {};
  ASSERT_EQ(::stat(in("new").c_str(), &file), 0);
  EXPECT_NE(number, file.st_ino);
}

TEST_F(Command, ASecondRunChangesNothingThatIsOlder) {
  const wire::Observing how = {.kept_before_ns = os::wall_ns() + 1'000'000'000'000};
  for (const char* script :
       {"echo x > present", "echo x >> present", "rm -f present", "mv present moved",
        "mv -f victim present", "chmod 700 present", "truncate -s 0 present", "rmdir second"}) {
    const Outcome run = observe({"/bin/sh", "-c", script}, {}, how);
    EXPECT_NE(run.exit_code, 0) << script;
    EXPECT_EQ(os::read_path(in("present"), 100).value_or("none"), "text\n") << script;
    EXPECT_EQ(os::read_path(in("victim"), 100).value_or("none"), "text\n") << script;
    EXPECT_TRUE(std::filesystem::is_directory(in("second")));
  }
  EXPECT_EQ(observe({"/bin/sh", "-c", "echo > new; echo > /dev/null; mkdir -p second"}, {}, how)
                .exit_code,
            0);
}

}  // namespace
}  // namespace zc::observer
