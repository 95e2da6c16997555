// What a run asked of the kernel and of the machine: files that the kernel makes, and answers that
// are others in each run.
#include <cerrno>

#include "engine/observed/inputs_fixture.h"

namespace zc::engine {
namespace {

using testing::Contains;
using testing::IsEmpty;

// --- the kernel

TEST_F(ObservedInputsTest, SomeFilesOfTheKernelTellNothing) {
  for (const char* path :
       {"/dev/null", "/dev/urandom", "/dev/tty", "/dev/fd", "/dev/fd/3", "/dev/pts/0",
        "/proc/self/exe", "/proc/self/maps", "/proc/self/fd", "/proc/self/fd/12", "/proc/meminfo",
        "/proc/self/cgroup", "/sys/fs/cgroup/cpu.max", "/sys/fs/cgroup/a/b/cpu.max",
        "/sys/devices/system/cpu/online", "/sys/kernel/mm/transparent_hugepage/enabled"}) {
    run().add('R', path).add('S', path).add('T', path);
  }
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsEmpty());
  EXPECT_THAT(absences(), IsEmpty());
}

TEST_F(ObservedInputsTest, OtherProgramsReadFewerOfThemForTheirOwnWorking) {
  run_stranger().add('R', "/proc/self/maps").add('R', "/dev/null");
  EXPECT_EQ(learned(), "");
  run_stranger().add('R', "/dev/urandom");
  EXPECT_EQ(learned(), "unrepeatable_input /dev/urandom");
}

TEST_F(ObservedInputsTest, LateCodeReadsThemForTheResult) {
  run_macro().add('J', "/dev/null");
  EXPECT_EQ(learned(), "");
  run().add('J', "/proc/self/status");
  EXPECT_EQ(learned(), "unrepeatable_input /proc/self/status");
}

// --- answers

TEST_F(ObservedInputsTest, TheCompilerAndLinkersMayAskForRandomNumbers) {
  run_macro().add('G', "getrandom");
  run_linker().add('G', "arc4random");
  EXPECT_EQ(learned(), "");
}

TEST_F(ObservedInputsTest, LateCodeMayNotAskForRandomNumbers) {
  run_macro().add('J', "getrandom");
  EXPECT_EQ(learned(), "unrepeatable_input getrandom");
}

TEST_F(ObservedInputsTest, NorMayStrangers) {
  run_stranger().add('G', "getpwuid");
  EXPECT_EQ(learned(), "unrepeatable_input getpwuid");
}

// A bash without HOME looks for itself in the database of users, before it reads its script.
TEST_F(ObservedInputsTest, AShellThatLooksForItsUserDependsOnTheDatabaseOfUsers) {
  given_file("/etc/passwd", "me:x:1000:1000::/:/bin/sh\n");
  given_program("/bin/bash", test::harmless_object());
  given_file("/w/script", "#!/bin/bash\n");
  is_wrapper_ = true;
  run().by(1).add('P', "/bin/bash").by(kStranger).add('H', "/bin/bash");
  run().by(kStranger).add('G', "getpwuid").add('R', "/w/script");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("/etc/passwd"));
  EXPECT_TRUE(holds());
  given_file("/etc/passwd", "me:x:1000:1000::/home:/bin/sh\n");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, ItsScriptMayNotLookThere) {
  given_program("/bin/bash", test::harmless_object());
  given_file("/w/script", "#!/bin/bash\n");
  is_wrapper_ = true;
  run().by(1).add('P', "/bin/bash").by(kStranger).add('H', "/bin/bash");
  run().by(kStranger).add('R', "/w/script").add('G', "getpwuid");
  EXPECT_EQ(learned(), "unrepeatable_input getpwuid");
}

// --- how messages look

TEST_F(ObservedInputsTest, MessagesAreThoseOfTheirTerminal) {
  run();
  EXPECT_EQ(learned(), "");
  terminal_ = "80 80";
  EXPECT_TRUE(holds()) << "there are none";
  has_messages_ = true;
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  terminal_ = "80 90";
  EXPECT_FALSE(holds());
  terminal_.clear();
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, AStrangerMayAskForATerminalUnseen) {
  run_stranger();
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  terminal_ = "80 80";
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, MessagesDependOnTheLanguagesThatAreThere) {
  env_ = {"PATH=/bin", "LANG=de_DE.UTF-8"};
  given_file("/usr/lib/locale/locale-archive", "archive");
  has_messages_ = true;
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("/usr/lib/locale/locale-archive"));
  EXPECT_TRUE(holds());
  given_file("/usr/share/locale/de/LC_MESSAGES/gcc-12.mo", "messages");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, MessagesDependOnWhatACatalogueSays) {
  env_ = {"PATH=/bin", "LANG=de_DE.UTF-8"};
  given_file("/usr/share/locale/de/LC_MESSAGES/gcc-12.mo", "messages");
  given_file("/usr/share/locale/de/LC_MESSAGES/own.mo", "of another program");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), IsEmpty()) << "there are none";
  has_messages_ = true;
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  given_file("/usr/share/locale/de/LC_MESSAGES/own.mo", "in other words");
  EXPECT_TRUE(holds()) << "no compiler has that";
  given_file("/usr/share/locale/de/LC_MESSAGES/gcc-12.mo", "other messages");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, AnotherCatalogueMayBeThatOfAStranger) {
  env_ = {"PATH=/bin", "LANG=de_DE.UTF-8"};
  given_file("/usr/share/locale/de/LC_MESSAGES/gcc.mo", "messages");
  run_stranger();
  EXPECT_EQ(learned(), "");
  EXPECT_TRUE(holds());
  given_file("/usr/share/locale/de/LC_MESSAGES/own.mo", "of another program");
  EXPECT_FALSE(holds());
}

TEST_F(ObservedInputsTest, WhereAStrangerIsCanBeCompared) {
  run_stranger().add('G', "getcwd");
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(inputs(), Contains("fact:real//w"));
}

TEST_F(ObservedInputsTest, ASourceThatNoDepfileFollowsMayReadThemAsData) {
  sources_are_unlisted_ = true;
  run().add('S', "/proc/self/fd/3").add('R', "/proc/no/such/file", ENOENT);
  EXPECT_EQ(learned(), "");
  run().add('R', "/dev/fd/3");
  EXPECT_EQ(learned(), "unrepeatable_input /dev/fd/3");
}

TEST_F(ObservedInputsTest, NeitherDoWhatItLacks) {
  run().add('R', "/sys/no/such/file", ENOENT).add('S', "/proc/driver", ENOENT);
  EXPECT_EQ(learned(), "");
  EXPECT_THAT(absences(), IsEmpty());
}

class KernelFileTest : public ObservedInputsTest,
                       public testing::WithParamInterface<const char*> {};

TEST_P(KernelFileTest, MayTellAnything) {
  run().add('R', GetParam());
  EXPECT_EQ(learned(), std::string("unrepeatable_input ") + GetParam());
}

INSTANTIATE_TEST_SUITE_P(All, KernelFileTest,
                         testing::Values("/proc/cpuinfo", "/proc/1/environ", "/proc/self/cmdline",
                                         "/proc/stat", "/proc/self/statm2", "/dev/sda",
                                         "/dev/stdin", "/dev/nullx", "/sys/class/net",
                                         "/proc/self/root/w/a", "/proc/meminfo/x",
                                         // These lead out of what tells nothing.
                                         "/proc/self/fd/../environ", "/dev/fd/../sda",
                                         "/sys/devices/system/cpu/../node", "/proc/self/fd/..",
                                         "/proc/self/fd/5/config", "/dev/fd/5/config"));

TEST_F(ObservedInputsTest, AFileOfTheKernelThatIsRefusedIsNotLearned) {
  run().add('R', "/proc/kcore", EACCES);
  EXPECT_EQ(learned(), "unrepeatable_input /proc/kcore");
}

}  // namespace
}  // namespace zc::engine
