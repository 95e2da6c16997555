// Programs behave as if the observer were not there, and it tells all that they look at.
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

// --- kinds
// -----------------------------------------------------------------------------------------

TEST_F(Observer, TellsWhatIsOpened) {
  const Outcome run = observe_part("opened_files");
  const Words told = run.told();
  for (const std::string& expected :
       {"R 0 " + in("present"),    "R 2 " + in("missing"),    std::string("R 0 /etc"),
        "R 0 " + in("inner/file"), "R 2 " + in("inner/none"), "S 0 " + in("inner"),
        "W 0 " + in("created"),    "W 17 " + in("created"),   "S 0 " + in("inner"),
        "W 0 " + in("creat"),      "R 2 " + in("missing2"),   "W 0 " + in("written"),
        "W 0 " + in("updated"),    "M 0 " + in("new"),        "M 17 " + in("new"),
        "U 0 " + in("written"),    "W 0 " + in("renamed"),    "U 2 " + in("none"),
        "W 2 " + in("none2"),      "S 0 " + in("renamed"),    "W 0 " + in("linked"),
        "W 0 " + in("symlinked"),  "U 0 " + in("linked"),     "U 2 " + in("linked"),
        "U 0 " + in("new"),        "U 0 " + in("renamed"),    "U 0 " + in("present"),
        "W 0 " + in("present"),    "U 0 " + in("creat")}) {
    EXPECT_THAT(told, Contains(expected));
  }
  for (const char* made : {"created", "symlinked"}) {
    EXPECT_THAT(told, Not(Contains("U 0 " + in(made)))) << "nothing was there";
  }
  EXPECT_THAT(told, Contains(AllOf(StartsWith("W 0 " + in("made-")), Not(HasSubstr("XXXXXX")))));
  EXPECT_THAT(told,
              Contains(AllOf(StartsWith("M 0 " + in("directory-")), Not(HasSubstr("XXXXXX")))));
  EXPECT_EQ(run.count("!"), 1) << "openat relative to no directory";
}

TEST_F(Observer, MarksWhatIsRelativeToTheWorkingDirectory) {
  const Outcome run = observe_part("opened_files");
  const auto has = [&](const std::string& path) {
    return std::ranges::find(run.records, path, &wire::ObservedEvent::bytes) != run.records.end();
  };
  EXPECT_TRUE(has(str_cat(directory_, "/./present")));
  EXPECT_FALSE(has(str_cat(directory_, "/present")));
  EXPECT_TRUE(has(str_cat(directory_, "/inner/file"))) << "relative to a descriptor";
}

// As if it had been taken away, and something else put there.
TEST_F(Observer, TellsWhatIsChangedInPlace) {
  const Outcome run = observe_part("changed_files");
  const Words told = run.told();
  for (const char* kind : {"U", "W"}) {
    for (const std::string& expected :
         {" 0 " + in("present"), " 2 " + in("missing"), " 0 " + in("inner/file"),
          " 2 " + in("missing2"), " 2 " + in("missing3"), " 2 " + in("inner/none"),
          " 0 " + in("inner"), " 2 " + in("missing4"), " 2 " + in("missing5"),
          " 2 " + in("missing6"), " 2 " + in("inner/none2"), " 2 " + in("missing7"),
          " 2 " + in("missing8"), " 2 " + in("missing9")}) {
      EXPECT_THAT(told, Contains(kind + expected));
    }
    EXPECT_EQ(std::ranges::count(told, str_cat(kind, " 0 ", in("present"))), 5) << "each counts";
  }
  EXPECT_THAT(told, Contains("W 0 " + in("fifo")));
  EXPECT_EQ(run.count("!"), 0);
}

TEST_F(Observer, TellsOfMemoryThatHasAName) {
  const Words told = observe_part("named_memory").told();
  EXPECT_THAT(told, Contains("R 2 /dev/shm/zccache-subject-none"));
  for (const char* kind : {"W", "R", "U"}) {
    EXPECT_THAT(told, Contains(StartsWith(str_cat(kind, " 0 /dev/shm/zccache-subject-"))));
  }
}

TEST_F(Observer, TellsThatAttributesCannotBeTold) {
  const Words told = observe_part("attributes").told();
  for (const char* function : {"getxattr", "lgetxattr", "fgetxattr", "listxattr", "llistxattr",
                               "flistxattr", "statfs", "fstatfs", "statvfs", "fstatvfs"}) {
    EXPECT_THAT(told, Contains(str_cat("! 0 ", function)));
  }
}

TEST_F(Observer, TellsWhatIsLookedAt) {
  const Outcome run = observe_part("looked_at_paths");
  const Words told = run.told();
  for (const std::string& expected :
       {"S 0 " + in("present"), "S 2 " + in("missing"), std::string("S 0 /etc"),
        "S 0 " + in("inner/file"), "S 2 " + in("inner/none"), "S 2 " + in("missing3"),
        "S 13 " + in("inner/file"), "S 2 " + in("missing4"), "S 22 " + in("present"),
        "S 2 " + in("inner/none5"), "S 0 " + in("inner/../present"), "S 2 " + in("missing6/x")}) {
    EXPECT_THAT(told, Contains(expected));
  }
  EXPECT_EQ(std::ranges::count(told, "S 2 " + in("repeated")), 1) << "repeats are dropped";
  EXPECT_THAT(told, Not(Contains("S 0 " + in("inner/")))) << "a descriptor is not a path";
  EXPECT_EQ(run.count("!"), 0);
}

TEST_F(Observer, TellsWhatIsListed) {
  const Outcome run = observe_part("listed_directories");
  const Words told = run.told();
  for (const std::string& expected :
       {"T 0 " + in("inner"), "T 2 " + in("missing"), "T 0 " + in("second"), "T 0 " + in("third"),
        "T 0 " + in("inner/"), "T 0 " + directory_, "T 0 " + in("tree/leaf"),
        "S 0 " + in("none/at/all"), "T 0 " + in("tree"), "! 0 " + in("tree"),
        std::string("! 0 wordexp")}) {
    EXPECT_THAT(told, Contains(expected));
  }
}

TEST_F(Observer, TellsWhichVariablesAreAskedFor) {
  const Words told = observe_part("environment").told();
  EXPECT_THAT(told, Contains("E 0 SUBJECT_HAS"));
  EXPECT_THAT(told, Contains("E 2 SUBJECT_LACKS"));
  EXPECT_THAT(told, Contains("E 2 SUBJECT_SECRET"));
}

TEST_F(Observer, TellsWhatIsStarted) {
  const Outcome run = observe_part("started_programs");
  const Words told = run.told();
  const std::string self(kSubject);
  EXPECT_EQ(std::ranges::count(told, "X 0 " + self), 5) << "each counts";
  for (const std::string& expected :
       {std::string("X 0 sh"), std::string("X 0 no-such-program"),
        std::string("Y 2 no-such-program"), std::string("E 0 PATH"),
        std::string("Y 2 /no/such/program"), std::string("Y 2 /no/such/spawn"), "P 0 " + self,
        std::string("P 0 sh")}) {
    EXPECT_THAT(told, Contains(expected));
  }
  EXPECT_EQ(std::ranges::count(told, "P 0 /bin/sh"), 2) << "system and popen";
}

// So that a program that the observer was not in is noticed.
TEST_F(Observer, WhoIsStartedSaysSo) {
  const Outcome run = observe_part("started_programs");
  const std::ptrdiff_t failed = run.count("Y") - 1;  // one is of posix_spawn, which has no X
  EXPECT_EQ(run.count("H"), 1 + run.count("XP") - failed);
}

TEST_F(Observer, TellsOfTheNetwork) {
  const Words told = observe_part("network").told();
  EXPECT_THAT(told, Contains("N 0 inet"));
  EXPECT_THAT(told, Contains("N 0 inet6"));
  EXPECT_THAT(told, Contains("N 0 unix"));
}

TEST_F(Observer, TellsOfMessagesWithoutAConnection) {
  const Words told = observe_part("messages").told();
  const auto network = std::ranges::find(told, "N 0 unix");
  const auto looked = std::ranges::find(told, "S 2 " + in("before-any"));
  ASSERT_NE(network, told.end());
  EXPECT_TRUE(looked < network) << "a message without an address is none";
  EXPECT_THAT(observe_part("names_of_hosts").told(), Contains("N 0 inet"));
  EXPECT_THAT(observe_part("name_of_host").told(), Contains("N 0 inet"));
}

TEST_F(Observer, TellsWhatTheMachineIsAsked) {
  const Outcome run = observe_part("machine");
  const Words told = run.told();
  for (const char* expected : {"C 0 clock_gettime", "C 0 gettimeofday", "C 0 time",
                               "C 0 timespec_get", "K 0 gethostname", "K 0 uname"}) {
    EXPECT_THAT(told, Contains(expected));
  }
  EXPECT_EQ(run.count("C"), 4) << "a monotonic clock tells no time of day";
}

TEST_F(Observer, TellsWhatIsAnotherAnswerEachTime) {
  const Words told = observe_part("answers").told();
  for (const char* function :
       {"getrandom", "getentropy", "getpwuid", "getgrgid", "umask", "getcwd"}) {
    EXPECT_THAT(told, Contains(str_cat("G 0 ", function)));
  }
  EXPECT_THAT(told, Not(Contains("G 0 isatty"))) << "there is no terminal";
}

TEST_F(Observer, TellsNothingOfWhatEachProgramAsksAtItsStart) {
  const Outcome run = observe_part("usual_questions");
  EXPECT_EQ(run.count("GJOZ"), 0);
}

TEST_F(Observer, TellsWhichDirectoriesAreEntered) {
  const Outcome run = observe_part("working_directories");
  const Words told = run.told();
  for (const std::string& expected :
       {"R 0 " + in("inner"), "S 0 " + in("inner/file"), "R 0 " + directory_,
        "R 2 " + in("missing"), "R 0 " + in("present"), "W 0 " + in("spawned"),
        "U 0 " + in("spawned"), "R 0 " + in("second")}) {
    EXPECT_THAT(told, Contains(expected));
  }
  EXPECT_EQ(std::ranges::count(told, "! 0 posix_spawn"), 1) << "a path in the directory entered";
}

// The loader, under a name that is not that of the C library for which the observer is made.
TEST_F(Observer, LeavesAloneWhatItCannotBeLoadedInto) {
  constexpr std::string_view kLoader = "/lib64/ld-linux-x86-64.so.2";
  std::ifstream file(std::string(kSubject), std::ios::binary);
  std::string image((std::istreambuf_iterator<char>(file)), {});
  const std::size_t place = image.find(kLoader);
  ASSERT_NE(place, std::string::npos);
  constexpr std::string_view kOther("/proc/self/cwd/ld-other.so\0", 27);
  image.replace(place, kOther.size(), kOther);
  given_file("other", image);
  std::filesystem::permissions(in("other"), std::filesystem::perms::owner_all);
  std::filesystem::create_symlink(kLoader, in("ld-other.so"));
  const Outcome alone = run_alone(subject("starts_other"));
  const Outcome observed = observe(subject("starts_other"));
  EXPECT_EQ(alone.exit_code, 0);
  EXPECT_EQ(observed.out, alone.out);
  EXPECT_EQ(observed.err, alone.err);
  const Words told = observed.told();
  EXPECT_THAT(told, Contains("! 0 " + in("other")));
  EXPECT_THAT(told, Contains("! 0 other"));
  EXPECT_THAT(told, Not(Contains("H 0 " + in("other"))));
}

TEST_F(Observer, TellsThatAnotherLibraryStandsBetween) {
  const Outcome run = observe(subject("machine"), ZCCACHE_SUBJECT_BETWEEN);
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_THAT(run.told(), Contains("! 0 uname"));
  EXPECT_EQ(run.count("!"), 1);
}

TEST_F(Observer, TellsWhatSyscallOpensAndLooksAt) {
  const Outcome run = observe_part("system_calls");
  const Words told = run.told();
  for (const std::string& expected :
       {"R 0 " + in("present"), "W 0 " + in("created"), "R 2 " + in("missing"),
        "S 0 " + in("inner/file"), "S 2 " + in("missing2"), std::string("! 0 syscall")}) {
    EXPECT_THAT(told, Contains(expected));
  }
  EXPECT_EQ(run.count("!"), 1) << "unlinkat";
}

// What a program requests through one could not be seen.
TEST_F(Observer, LetsNoProgramHaveARingOfRequests) {
  const Outcome run = observe(subject("ring_of_requests"));
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_EQ(run.out, str_cat("io_uring_setup: -1 ", std::to_string(ENOSYS), "\n"));
  EXPECT_EQ(run.count("!"), 0);
}

TEST_F(Observer, TellsWhen) {
  const auto now_ms = [] {
    timespec now = {};
    ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1'000'000;
  };
  const std::uint64_t before = now_ms();
  const Outcome run = observe(subject("looked_at_paths"));
  const std::uint64_t after = now_ms();
  ASSERT_FALSE(run.records.empty());
  for (const wire::ObservedEvent& record : run.records) {
    EXPECT_GE(record.time_ms, before);
    EXPECT_LE(record.time_ms, after);
  }
}

TEST_F(Observer, TellsThatSomethingCannotBeTold) {
  EXPECT_EQ(observe_part("long_paths").count("!"), 2);
  const Outcome lost = observe_part("lost_directory");
  EXPECT_EQ(lost.count("!"), 1);
}

// --- loading
// ---------------------------------------------------------------------------------------

TEST_F(Observer, TellsWhatIsLoaded) {
  const Words told = observe_part("loads").told();
  EXPECT_THAT(told, Contains(AllOf(StartsWith("L 0 /"), HasSubstr("/libsubject_host.so"))));
  EXPECT_THAT(told, Contains("D 0 libsubject_guest.so"));
  // Found through an entry of the library that asked for it: dlopen saw who called.
  EXPECT_THAT(told, Contains(AllOf(StartsWith("L 0 /"), HasSubstr("/inner/libsubject_guest.so"))));
  EXPECT_THAT(told, Contains("D 0 /no/such/library.so"));
  EXPECT_THAT(told, Contains("D 0 /no/such/other.so"));
  ASSERT_EQ(std::ranges::count(told, "! 0 dlmopen"), 1) << "only what is loaded apart";
  EXPECT_TRUE(std::ranges::find(told, "S 2 " + in("between")) <
              std::ranges::find(told, "! 0 dlmopen"));
  EXPECT_THAT(told, Not(Contains(HasSubstr("libzccache-observer"))));
  EXPECT_THAT(told, Not(Contains(HasSubstr("linux-vdso"))));
}

TEST_F(Observer, TellsApartWhatLateCodeAsks) {
  const Words told = observe_part("asks_late").told();
  for (const std::string& expected :
       {"S 0 " + in("present"), "A 0 " + in("present"), "S 2 " + in("absent"),
        "A 2 " + in("absent"), "S 0 " + in("inner/file"), "B 0 " + in("inner/file"),
        "B 0 " + in(""), std::string("E 0 SUBJECT_HAS"), std::string("V 0 SUBJECT_HAS"),
        "T 0 " + in("tree"), "F 0 " + in("tree"), "F 0 " + in("second"), "S 0 " + in("victim"),
        "O 0 " + in("victim"), "Z 0 " + in("victim"), std::string("J 0 /proc/self/status"),
        std::string("J 0 getpid"), std::string("J 0 sysconf"),
        std::string("E 2 SUBJECT_HAS_NOT")}) {
    EXPECT_THAT(told, Contains(expected));
  }
  EXPECT_THAT(told, Not(Contains("A 0 " + in("victim"))));
  EXPECT_THAT(told, Not(Contains("V 2 SUBJECT_HAS_NOT")));
}

TEST_F(Observer, TellsWhatIsLoadedByAProcessThatLeavesInAHurry) {
  EXPECT_THAT(observe_part("loads_and_ends").told(), Contains(HasSubstr("/libsubject_guest.so")));
}

TEST_F(Observer, TellsWhatHappensBeforeItsOwnConstructor) {
  const Words told = observe_part("environment").told();
  EXPECT_THAT(told, Contains("E 2 SUBJECT_EARLY"));
  EXPECT_THAT(told, Contains("S 2 /looked/at/early"));
  EXPECT_THAT(told.front(), StartsWith("H 0 "));
}

// --- hard cases
// ------------------------------------------------------------------------------------

TEST_F(Observer, WorksBetweenVforkAndExec) {
  const Outcome run = observe_part("vforked");
  const Words told = run.told();
  EXPECT_THAT(told, Contains("X 0 /no/such/first"));
  EXPECT_THAT(told, Contains("Y 2 /no/such/first"));
  EXPECT_THAT(told, Contains("S 2 " + in("from-the-child")));
  EXPECT_THAT(told, Contains("R 0 " + in("present"))) << "the parent goes on";
  EXPECT_EQ(run.count("H"), 2);
}

TEST_F(Observer, NeedsNoDescriptor) {
  const Outcome run = observe_part("closes");
  const Words told = run.told();
  EXPECT_EQ(os::read_path(in("victim"), 1U << 20).value_or(""), "text\n");
  EXPECT_THAT(told, Contains("S 2 " + in("after-all-were-closed")));
  EXPECT_THAT(told, Contains("S 2 " + in("after-that")));
  EXPECT_THAT(run.out, HasSubstr("lowest number: 3 "));
}

TEST_F(Observer, LosesNothingOfManyThreads) {
  const Outcome run = observe_part("threads");
  std::set<std::string> told;
  for (const std::string& record : run.told()) {
    told.insert(record);
  }
  for (int thread = 0; thread < 8; ++thread) {
    for (int i = 0; i < 2000; ++i) {
      const std::string path = in(str_cat("thread-", thread, "-", i));
      ASSERT_TRUE(told.contains("S 2 " + path)) << path;
      ASSERT_TRUE(told.contains("R 2 " + path)) << path;
    }
  }
}

TEST_F(Observer, TakesNoDescriptor) {
  EXPECT_EQ(observe(subject("descriptors")).out, run_alone(subject("descriptors")).out);
}

TEST_F(Observer, LosesNothingOfManyProcesses) {
  constexpr int kFiles = 400;
  Words args = {"/usr/bin/xargs", "-a", in("list"), "-P8", "-n5", "cat"};
  std::string list;
  for (int i = 0; i < kFiles; ++i) {
    given_file(str_cat("many/", i), "x");
    str_append(list, in(str_cat("many/", i)), '\n');
  }
  given_file("list", list);
  const Outcome run = observe(args);
  EXPECT_EQ(run.out, std::string(kFiles, 'x'));
  const Words told = run.told();
  const std::set<std::string> records(told.begin(), told.end());
  for (int i = 0; i < kFiles; ++i) {
    ASSERT_TRUE(records.contains("R 0 " + in(str_cat("many/", i)))) << i;
  }
  EXPECT_EQ(run.count("H"), 1 + run.count("XP") - run.count("Y"));
}

// --- limits and ends
// -------------------------------------------------------------------------------

// Each is set by a program that is observed itself, and holds for the next.
TEST_F(Observer, NeedsNothingThatIsLimited) {
  for (const char* limit : {"--fsize=0", "--fsize=1", "--fsize=4096", "--nofile=16", "--nofile=64",
                            "--memlock=0", "--sigpending=0", "--cpu=5", "--stack=65536",
                            "--stack=262144", "--data=33554432", "--nproc=1"}) {
    for (const char* part : {"looked_at_paths", "closes", "descriptors", "vforked"}) {
      const Words args = {"/usr/bin/prlimit", limit, "--", std::string(kSubject), part};
      const Outcome alone = run_alone(args);
      forget_what_was_made();
      const Outcome observed = observe(args);
      forget_what_was_made();
      EXPECT_EQ(observed.exit_code, alone.exit_code) << limit << ' ' << part;
      EXPECT_EQ(observed.out, alone.out) << limit << ' ' << part;
      EXPECT_EQ(observed.err, alone.err) << limit << ' ' << part;
      EXPECT_THAT(observed.told(), Contains(str_cat("H 0 ", kSubject))) << limit << ' ' << part;
    }
  }
}

TEST_F(Observer, MapsNothingWhereMemoryIsLimited) {
  for (const char* limit : {"--as=33554432", "--as=134217728", "--as=8589934592"}) {
    const Words args = {"/usr/bin/prlimit", limit, "--", std::string(kSubject), "looked_at_paths"};
    const Outcome alone = run_alone(args);
    const Outcome observed = observe(args);
    EXPECT_EQ(observed.exit_code, alone.exit_code) << limit;
    EXPECT_EQ(observed.out, alone.out) << limit;
    EXPECT_EQ(observed.err, alone.err) << limit;
    EXPECT_THAT(observed.told(), Contains(str_cat("X 0 ", kSubject))) << "it was started";
    EXPECT_THAT(observed.told(), Not(Contains(str_cat("H 0 ", kSubject)))) << "and not seen";
  }
}

TEST_F(Observer, SaysThatTheChannelIsFull) {
  const Outcome alone = run_alone(subject("looked_at_paths"));
  forget_what_was_made();
  const Result<os::MemoryFile> channel = wire::make_observation_channel();
  ASSERT_TRUE(channel);
  const std::uint64_t almost_all =
      wire::kObservationChannelBytes - wire::kObservationHeaderBytes - 1024;
  std::memcpy(channel->bytes().data() + wire::kObservationTakenOffset, &almost_all,
              sizeof almost_all);
  const Outcome full =
      run_alone(subject("looked_at_paths"),
                {"LD_PRELOAD=" ZCCACHE_OBSERVER,
                 str_cat("ZCCACHE_OBSERVE=/proc/", ::getpid(), "/fd/", channel->fd())});
  EXPECT_EQ(full.exit_code, 0);
  EXPECT_EQ(full.out, alone.out);
  const Result<std::string> text = wire::read_observation_channel(channel->bytes());
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("looked at more"));
}

// However often it happens: all that was told is there, or it is known that something is missing.
TEST_F(Observer, KilledInTheMiddle) {
  for (int round = 0; round < 40; ++round) {
    const Result<os::MemoryFile> channel = wire::make_observation_channel();
    ASSERT_TRUE(channel);
    const Outcome run =
        run_alone({"/usr/bin/timeout", "-s", "KILL", str_cat("0.0", 10 + round),
                   std::string(kSubject), "threads"},
                  {"LD_PRELOAD=" ZCCACHE_OBSERVER,
                   str_cat("ZCCACHE_OBSERVE=/proc/", ::getpid(), "/fd/", channel->fd())});
    const Result<std::string> text = wire::read_observation_channel(channel->bytes());
    if (text) {
      EXPECT_TRUE(wire::decode_observation(*text)) << run.exit_code;
    } else {
      EXPECT_THAT(text.error().message, HasSubstr("in the middle"));
    }
  }
}

// --- the environment
// -------------------------------------------------------------------------------

TEST_F(Observer, IsNotInTheEnvironment) {
  const Outcome run = observe_part("shown_variables");
  EXPECT_THAT(run.out, HasSubstr("main was given them: 1"));
  EXPECT_THAT(run.out, HasSubstr("LD_PRELOAD is not set"));
  EXPECT_THAT(run.out, Not(HasSubstr("variable ZCCACHE_OBSERVE")));
  EXPECT_THAT(run.told(), Contains("E 2 LD_PRELOAD"));
}

TEST_F(Observer, LeavesWhatTheUserPreloads) {
  const std::string theirs = ZCCACHE_SUBJECT_GUEST;
  for (const std::string& preload :
       {theirs, str_cat(theirs, ':', theirs), str_cat(theirs, ' ', theirs)}) {
    for (const char* part : {"shown_variables", "passed_variables"}) {
      const Outcome alone = run_alone(subject(part), {"LD_PRELOAD=" + preload});
      const Outcome observed = observe(subject(part), preload);
      EXPECT_EQ(observed.out, alone.out);
      EXPECT_EQ(observed.err, alone.err);
      EXPECT_THAT(observed.out, HasSubstr("LD_PRELOAD is " + preload));
      EXPECT_THAT(observed.told(), Contains("L 0 " + theirs));
      EXPECT_EQ(observed.count("H"), 1 + observed.count("XP"));
    }
  }
}

TEST_F(Observer, IsInWhatIsStartedWhateverItsEnvironment) {
  const Outcome run = observe_part("passed_variables");
  EXPECT_EQ(run.count("Y"), 0);
  EXPECT_EQ(run.count("H"), 1 + run.count("XP"));
}

TEST_F(Observer, ShellsOfSeveralThreads) {
  const Outcome run = observe_part("shells_at_once");
  EXPECT_EQ(run.count("P"), 800);
  EXPECT_LE(run.count("H"), 801);
}

// The longest argument that the kernel takes beside another, found by trying.
constexpr const char* kLongestArgument = R"sh(
x=$(head -c 100000 /dev/zero | tr '\0' x); y=$(head -c 131000 /dev/zero | tr '\0' y)
low=0; high=131000
while [ $((high - low)) -gt 1 ]; do
  middle=$(((low + high) / 2))
  if /bin/true "$x" "$(printf %.${middle}s "$y")" 2>/dev/null; then low=$middle
  else high=$middle; fi
done
echo $low)sh";

TEST_F(Observer, LeavesRoomForArguments) {
  const Words args = {"/usr/bin/prlimit", "--stack=600000", "--", "/bin/sh", "-c",
                      kLongestArgument};
  const Outcome alone = run_alone(args);
  EXPECT_THAT(alone.out, Not(AnyOf("0\n", "130999\n"))) << "it is not the limit that is met";
  const Outcome observed = observe(args);
  EXPECT_EQ(observed.out, alone.out);
  EXPECT_LT(observed.count("H"), 1 + observed.count("XP") - observed.count("Y"));
}

// --- off
// -------------------------------------------------------------------------------------------

TEST_F(Observer, WithoutTheVariableItOnlyForwards) {
  for (const char* part : {"descriptors", "opened_files", "looked_at_paths", "listed_directories",
                           "loads", "started_programs", "vforked", "closes"}) {
    const Outcome alone = run_alone(subject(part));
    forget_what_was_made();
    const Outcome off = run_alone(subject(part), {"LD_PRELOAD=" ZCCACHE_OBSERVER});
    forget_what_was_made();
    EXPECT_EQ(off.out, alone.out) << part;
    EXPECT_EQ(off.exit_code, 0) << part;
  }
}

TEST_F(Observer, WritesToNothingButAChannel) {
  const os::Fd file(::open(in("victim").c_str(), O_RDWR | O_CLOEXEC));
  const std::string fd = str_cat("/proc/", ::getpid(), "/fd/", file.get());
  // Of the right name, or also of the right size, but without the mark.
  const os::Fd small(::memfd_create("zccache-observation", MFD_CLOEXEC));
  const Result<os::MemoryFile> unmarked =
      os::MemoryFile::make("zccache-observation", wire::kObservationChannelBytes);
  ASSERT_TRUE(unmarked);
  const std::string expected = run_alone(subject("descriptors")).out;
  for (const std::string& value :
       {str_cat("/proc/", ::getpid(), "/fd/", small.get()),
        str_cat("/proc/", ::getpid(), "/fd/", unmarked->fd()), fd, in("victim"), fd + "x",
        std::string("/proc/1"), std::string("/proc//fd/1"), std::string("/proc/self/fd/1"),
        std::string("/proc/99999999999/fd/1"), std::string()}) {
    const Outcome run = run_alone(subject("descriptors"),
                                  {"LD_PRELOAD=" ZCCACHE_OBSERVER, "ZCCACHE_OBSERVE=" + value});
    EXPECT_EQ(run.exit_code, 0) << value;
    EXPECT_EQ(run.out, expected) << value;
  }
  EXPECT_EQ(os::read_path(in("victim"), 1U << 20).value_or(""), "text\n");
  EXPECT_EQ(os::stat_fd(small.get())->size_bytes, 0U);
  EXPECT_THAT(std::string_view(unmarked->bytes().data(), 4096), Each('\0'));
}

// --- real programs
// ---------------------------------------------------------------------------------

TEST_F(Observer, OfTheUsualTools) {
  const Outcome cat = observe({"/bin/cat", "present"});
  EXPECT_EQ(cat.out, "text\n");
  EXPECT_THAT(cat.told(), Contains("R 0 " + in("present")));
  const Outcome ls = observe({"/bin/ls", "inner"});
  EXPECT_EQ(ls.out, "file\n");
  EXPECT_THAT(ls.told(), Contains("T 0 " + in("inner")));
}

TEST_F(Observer, OfACCompilerAndItsLinker) {
  given_file("a.h", "#define RESULT 0\n");
  given_file("a.c", "#include \"a.h\"\nint main(void) { return RESULT; }\n");
  const Outcome run = observe({"/usr/bin/env", "gcc", "-Iabsent", "a.c", "-o", "a.out"});
  ASSERT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.err, "");
  const Words told = run.told();
  EXPECT_THAT(told, Contains("R 0 " + in("a.c")));
  EXPECT_THAT(told, Contains("R 0 " + in("a.h")));
  EXPECT_THAT(told, Contains("W 0 " + in("a.out")));
  EXPECT_THAT(told, Contains(AllOf(StartsWith("H 0 "), HasSubstr("/cc1"))));
  EXPECT_THAT(told, Contains(AllOf(StartsWith("R 0 "), HasSubstr("crt1.o"))));
  EXPECT_EQ(run.count("H"), 1 + run.count("XP") - run.count("Y"));
  EXPECT_EQ(run_alone({in("a.out")}).exit_code, 0);
}

// rustc itself, not what only chooses one.
std::optional<std::string> find_rustc() {
  os::PosixCommandRunner runner;
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
  const auto output = runner.run({.args = {"/usr/bin/env", "rustc", "--print", "sysroot"},
                                  .env = {str_cat("PATH=", path != nullptr ? path : ""),
                                          str_cat("HOME=", home != nullptr ? home : "")},
                                  .cwd = "/"});
  if (!output || output->exit_code != 0) {
    return std::nullopt;
  }
  return str_cat(trim(output->out), "/bin/rustc");
}

constexpr const char* kMacro = R"(
extern crate proc_macro;
use proc_macro::TokenStream;
#[proc_macro]
pub fn peek(_: TokenStream) -> TokenStream {
    let text = std::fs::read_to_string("peeked/text").unwrap();
    let there = std::path::Path::new("/no/such/place").exists();
    let names = std::fs::read_dir("peeked").unwrap().count();
    let variable = std::env::var("SUBJECT_HAS").unwrap();
    let ran = std::process::Command::new("true").status().unwrap().success();
    format!("pub const SEEN: &str = {:?};", (text, there, names, variable, ran).0).parse().unwrap()
}
)";

TEST_F(Observer, OfRustcAndAMacroThatLooksAround) {
  const std::optional<std::string> rustc = find_rustc();
  if (!rustc) {
    GTEST_SKIP() << "there is no rustc on PATH";
  }
  given_file("mac.rs", kMacro);
  given_file("user.rs", "mac::peek!();\n");
  given_file("peeked/text", "hello");
  const Outcome mac = observe({*rustc, "--crate-type", "proc-macro", "mac.rs"});
  ASSERT_EQ(mac.exit_code, 0) << mac.err;
  EXPECT_THAT(mac.told(), Contains("W 0 " + in("libmac.so")));
  EXPECT_EQ(mac.count("H"), 1 + mac.count("XP") - mac.count("Y")) << "the linker's processes";

  const Outcome user =
      observe({*rustc, "--crate-type", "lib", "--extern", "mac=libmac.so", "user.rs"});
  ASSERT_EQ(user.exit_code, 0) << user.err;
  const Words told = user.told();
  for (const std::string& expected :
       {"R 0 " + in("user.rs"), "D 0 " + in("libmac.so"), "L 0 " + in("libmac.so"),
        "R 0 " + in("peeked/text"), std::string("S 2 /no/such/place"), "T 0 " + in("peeked"),
        std::string("E 0 SUBJECT_HAS"), "W 0 " + in("libuser.rlib"),
        std::string("A 2 /no/such/place"), "F 0 " + in("peeked"), std::string("V 0 SUBJECT_HAS")}) {
    EXPECT_THAT(told, Contains(expected));
  }
  EXPECT_THAT(told, Contains(AnyOf("P 0 true", "X 0 true")));
  EXPECT_EQ(user.count("!N"), 0);
}

}  // namespace
}  // namespace zc::observer
