#include "os/self.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>

#include "os/command.h"
#include "os/file.h"
#include "os/program_start.h"
#include "os/signal.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

int exit_code_of_child(const auto& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::_exit(body());
  }
  return wait_for_child(child).exit_code;
}

TEST(SelfTest, KnowsItsProgram) {
  const std::string path = *own_path();
  EXPECT_TRUE(path.ends_with("os_test")) << path;
  FileStamp stamp;
  ASSERT_EQ(stamp_own_program(stamp), 0);
  EXPECT_TRUE(stamp.same_file_as(*stat_path(path)));
  const Result<Fd> program = open_own_program();
  ASSERT_TRUE(program);
  EXPECT_TRUE(stamp.same_file_as(*stat_fd(program->get())));
}

TEST(SelfTest, BeginsAsItselfAndNothingElseDoes) {
  const test::TemporaryDirectory directory;
  EXPECT_TRUE(begins_as_own_program(*own_path()));
  EXPECT_FALSE(begins_as_own_program("/bin/sh"));
  ASSERT_TRUE(replace_file(directory / "short", "\x7f", 0700));
  EXPECT_FALSE(begins_as_own_program(directory / "short"));
  EXPECT_TRUE(begins_as_own_program(directory / "missing")) << "what cannot be read may be";
}

TEST(SelfTest, LearnsHowItsChildrenEndWhateverItInherited) {
  EXPECT_EQ(exit_code_of_child([] {
              ::signal(SIGCHLD, SIG_IGN);
              expect_children();
              const Result<CommandOutput> output =
                  PosixCommandRunner().run({.args = {"/bin/sh", "-c", "exit 3"}, .cwd = "/"});
              return output ? output->exit_code : 100;
            }),
            3);
}

TEST(SelfTest, StandsInADirectoryUntilThatIsRemoved) {
  EXPECT_EQ(exit_code_of_child([] {
              std::string path;
              {
                const test::TemporaryDirectory directory;
                path = std::filesystem::canonical(directory.path());
                if (!enter_directory(path) || *working_directory() != path) {
                  return 1;
                }
              }
              const Result<std::string> gone = working_directory();
              return !gone && gone.error().code == Code::kNotFound && !enter_directory(path) ? 0
                                                                                             : 2;
            }),
            0);
}

TEST(SelfTest, BecomesAProgram) {
  std::string shell = "sh";
  std::string option = "-c";
  std::string script = "exit 7";
  char* const args[] = {shell.data(), option.data(), script.data(), nullptr};
  EXPECT_EQ(exit_code_of_child([&] { return become_program("/bin/sh", args); }), 7);
  EXPECT_EQ(become_program("/nowhere/sh", args), ENOENT);
}

TEST(SelfTest, KeepsNewFilesPrivate) {
  const test::TemporaryDirectory directory;
  EXPECT_EQ(exit_code_of_child([&] {
              keep_new_files_private();
              std::filesystem::create_directory(directory / "made");
              return stat_path(directory / "made")->permissions() == 0700U ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace zc::os
