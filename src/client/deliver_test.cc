#include "client/deliver.h"

#include <fcntl.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "os/file.h"
#include "support/refused_calls.h"
#include "support/temporary_directory.h"

namespace zc::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class DeliverTest : public ::testing::Test {
 protected:
  // In the order of the message: the main output first.
  wire::Hit hit(const std::vector<std::string>& names) {
    wire::Hit out;
    for (const std::string& name : names) {
      paths_.push_back(std::make_unique<std::string>(directory_ / name));
      out.files.push_back({.path = *paths_.back(), .size_bytes = 3, .bytes = "new"});
    }
    return out;
  }
  void given(const std::string& name, const std::string& text = "old") const {
    ASSERT_TRUE(os::replace_file(directory_ / name, text, 0644));
  }
  std::string content(const std::string& name) const {
    return os::read_path(directory_ / name, 100).value_or("nothing");
  }
  std::optional<os::UnnamedFile> spare_for(const std::string& name) const {
    return os::UnnamedFile::make_traceless(directory_ / name, 0666).value();
  }
  mode_t mode(const std::string& name) const {
    struct stat st = {};
    EXPECT_EQ(::stat((directory_ / name).c_str(), &st), 0) << name;
    return st.st_mode & 07777;
  }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      out.push_back(entry.path().filename());
    }
    std::ranges::sort(out);
    return out;
  }

  test::TemporaryDirectory directory_;
  std::vector<std::unique_ptr<std::string>> paths_;
};

// Names in the order in which they got a file.
class Appearances {
 public:
  explicit Appearances(const std::string& directory)
      : inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    EXPECT_GE(::inotify_add_watch(inotify_.get(), directory.c_str(), IN_CREATE | IN_MOVED_TO), 0);
  }
  std::vector<std::string> all() const {
    std::vector<std::string> out;
    alignas(inotify_event) char buffer[4096];
    const ssize_t n = ::read(inotify_.get(), buffer, sizeof buffer);
    for (ssize_t at = 0; at < n;) {
      inotify_event event = {};
      std::memcpy(&event, buffer + at, sizeof event);
      out.emplace_back(buffer + at + sizeof event);
      at += static_cast<ssize_t>(sizeof event) + event.len;
    }
    return out;
  }

 private:
  os::Fd inotify_;
};

TEST_F(DeliverTest, TheMainOutputComesLast) {
  given("a.o");
  given("a.d");
  const Appearances seen(directory_.path());
  ASSERT_TRUE(deliver_files(hit({"a.o", "a.dwo", "a.su", "a.d"}), {}));
  EXPECT_THAT(seen.all(), ElementsAre("a.d", "a.su", "a.dwo", "a.o"));
  EXPECT_EQ(content("a.o"), "new");
  EXPECT_EQ(content("a.d"), "new");
}

// As after a kill between any two of them: what was named is the end of the list, and the main
// output is old, or gone, unless everything is new.
TEST_F(DeliverTest, WhereverItEndsTheMainOutputIsNotNewBeforeTheOthers) {
  const std::vector<std::string> names = {"a.o", "a.dwo", "a.su", "a.d"};
  for (std::size_t stop = 0; stop < names.size(); ++stop) {
    for (const std::string& name : names) {
      ::rmdir((directory_ / name).c_str());
      given(name);
    }
    ::unlink((directory_ / names[stop]).c_str());
    ASSERT_EQ(::mkdir((directory_ / names[stop]).c_str(), 0700), 0);  // cannot be replaced
    EXPECT_FALSE(deliver_files(hit(names), {}));
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (i != stop) {
        EXPECT_EQ(content(names[i]), i < stop ? "old" : "new") << names[i] << stop;
      }
    }
  }
}

// The inode tells that it was used.
TEST_F(DeliverTest, ASpareFileBecomesTheOutputOfItsName) {
  given("a.o");
  std::optional<os::UnnamedFile> spare = spare_for("a.o");
  struct stat made = {};
  ASSERT_EQ(::fstat(spare->fd().get(), &made), 0);
  ASSERT_TRUE(deliver_files(hit({"a.o", "a.d"}), {}, std::move(spare)));
  struct stat delivered = {};
  ASSERT_EQ(::stat((directory_ / "a.o").c_str(), &delivered), 0);
  EXPECT_EQ(delivered.st_ino, made.st_ino);
  EXPECT_EQ(content("a.o"), "new");
  EXPECT_EQ(content("a.d"), "new");
}

TEST_F(DeliverTest, ASpareFileOfNoOutputLeavesNothing) {
  ASSERT_TRUE(deliver_files(hit({"a.o"}), {}, spare_for("b.o")));
  EXPECT_EQ(content("a.o"), "new");
  EXPECT_THAT(names(), ElementsAre("a.o"));
}

TEST_F(DeliverTest, ASpareFileBecomesNoProgram) {
  wire::Hit program = hit({"a.o"});
  program.files[0].executable = true;
  ASSERT_TRUE(deliver_files(program, {}, spare_for("a.o")));
  EXPECT_NE(mode("a.o") & 0100, 0U);
}

TEST_F(DeliverTest, WhatAFailedCompileRemovedIsRemoved) {
  given("a.o");
  const std::string old = directory_ / "a.o";
  const std::string none = directory_ / "none";
  wire::Hit hit = this->hit({"a.d"});
  hit.removed = {none, old};
  EXPECT_TRUE(deliver_files(hit, {}));
  EXPECT_THAT(names(), ElementsAre("a.d"));
  const std::string directory(directory_.path());
  hit.removed = {directory};
  EXPECT_FALSE(deliver_files(hit, {})) << "no file";
}

TEST_F(DeliverTest, ADescriptorThatIsMissingPublishesNothing) {
  wire::Hit hit = this->hit({"a.o", "a.d"});
  hit.files[0].has_fd = true;
  EXPECT_FALSE(deliver_files(hit, {}));
  EXPECT_THAT(names(), IsEmpty());
}

// Acts as a user other than root, for whom modes mean nothing.
class Nobody {
 public:
  Nobody() { become(kNobody); }
  ~Nobody() { become(0); }
  Nobody(const Nobody&) = delete;
  Nobody& operator=(const Nobody&) = delete;

 private:
  static constexpr uid_t kNobody = 65'534;
  void become(uid_t uid) const {
    if (was_root_) {
      EXPECT_EQ(::setresuid(uid, uid, 0), 0);
    }
  }
  const bool was_root_ = ::geteuid() == 0;
};

TEST_F(DeliverTest, AnOldFileThatTheUserMayNotWriteIsLeftToTheCompiler) {
  for (const char* name : {"a.o", "a.d"}) {
    given("a.o");
    given("a.d");
    ASSERT_EQ(::chmod((directory_ / name).c_str(), 0444), 0);
    ASSERT_EQ(::chmod(directory_.path().c_str(), 0777), 0);
    {
      const Nobody nobody;
      EXPECT_FALSE(deliver_files(hit({"a.o", "a.d"}), {})) << name;
    }
    EXPECT_EQ(content("a.o"), "old") << name;
    EXPECT_EQ(content("a.d"), "old") << name;
  }
  EXPECT_THAT(names(), ElementsAre("a.d", "a.o"));
}

// What the compiler rewrites in place keeps its mode, its owner and its other names.
class OldFileTest : public DeliverTest {
 protected:
  bool is_replaced(wire::OldFile kind) {
    wire::Hit hit = this->hit({"a.o"});
    hit.files[0].old_file = kind;
    const bool delivered = deliver_files(hit, {}).has_value();
    EXPECT_EQ(content("a.o"), delivered ? "new" : "old");
    return delivered;
  }
  std::string path() const { return directory_ / "a.o"; }
};

TEST_F(OldFileTest, OneThatLooksLikeANewOneIsReplaced) {
  for (const auto kind :
       {wire::OldFile::kReplaced, wire::OldFile::kRewritten, wire::OldFile::kEither}) {
    given("a.o");
    EXPECT_TRUE(is_replaced(kind));
    ::unlink(path().c_str());
    EXPECT_TRUE(is_replaced(kind)) << "there is none";
  }
}

TEST_F(OldFileTest, OneOfAnotherModeIsLeftToTheCompilerIfThatMayRewriteIt) {
  given("a.o");
  ASSERT_EQ(::chmod(path().c_str(), 0600), 0);
  EXPECT_FALSE(is_replaced(wire::OldFile::kEither));
  EXPECT_EQ(mode("a.o"), 0600U);
  EXPECT_TRUE(is_replaced(wire::OldFile::kReplaced));
}

TEST_F(OldFileTest, OneWithASecondNameIsLeftToTheCompilerIfThatMayRewriteIt) {
  given("a.o");
  ASSERT_EQ(::link(path().c_str(), (directory_ / "second").c_str()), 0);
  EXPECT_FALSE(is_replaced(wire::OldFile::kEither));
  EXPECT_FALSE(is_replaced(wire::OldFile::kRewritten));
  EXPECT_TRUE(is_replaced(wire::OldFile::kReplaced));
  EXPECT_EQ(content("second"), "old");
}

TEST_F(OldFileTest, OneOfAnotherOwnerIsLeftToTheCompilerIfThatMayRewriteIt) {
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root makes files of others";
  }
  for (const auto& [user, group] : {std::pair(1, 0), std::pair(0, 1)}) {
    given("a.o");
    ASSERT_EQ(::chown(path().c_str(), static_cast<uid_t>(user), static_cast<gid_t>(group)), 0);
    EXPECT_FALSE(is_replaced(wire::OldFile::kEither));
    EXPECT_FALSE(is_replaced(wire::OldFile::kRewritten));
    EXPECT_TRUE(is_replaced(wire::OldFile::kReplaced));
  }
}

TEST_F(OldFileTest, OneWithAnExtendedAttributeIsLeftToTheCompilerIfThatMayRewriteIt) {
  given("a.o");
  if (::setxattr(path().c_str(), "user.note", "x", 1, 0) != 0) {
    GTEST_SKIP() << "the file system has none";
  }
  EXPECT_FALSE(is_replaced(wire::OldFile::kEither));
  EXPECT_FALSE(is_replaced(wire::OldFile::kRewritten));
  EXPECT_TRUE(is_replaced(wire::OldFile::kReplaced));
}

TEST_F(OldFileTest, ASymlinkIsLeftToTheCompilerIfThatMayWriteThroughIt) {
  given("target");
  ASSERT_EQ(::symlink("target", path().c_str()), 0);
  for (const auto kind : {wire::OldFile::kRewritten, wire::OldFile::kEither}) {
    wire::Hit hit = this->hit({"a.o"});
    hit.files[0].old_file = kind;
    EXPECT_FALSE(deliver_files(hit, {}));
  }
  EXPECT_EQ(content("target"), "old");
}

// Where the kernel or the file system does not do what the short way needs.
struct Missing {
  const char* name;
  std::vector<test::RefusedCall> calls;
};

class DeliverWithoutTest : public DeliverTest, public testing::WithParamInterface<Missing> {
 protected:
  // Whether the files could be delivered.
  bool deliver(const wire::Hit& hit, const std::vector<os::Fd>& fds = {}) {
    bool delivered = false;
    const bool has_run = test::run_without(
        GetParam().calls, [&] { delivered = deliver_files(hit, fds).has_value(); });
    EXPECT_TRUE(has_run);
    return delivered;
  }
};

INSTANTIATE_TEST_SUITE_P(
    , DeliverWithoutTest,
    testing::Values(Missing{"Nothing", {}}, Missing{"UnnamedFiles", {test::unnamed_files()}},
                    Missing{"Proc", {test::names_for_open_files()}},
                    Missing{"Both", {test::unnamed_files(), test::names_for_open_files()}}),
    [](const auto& missing) { return std::string(missing.param.name); });

TEST_P(DeliverWithoutTest, OldFilesAreReplacedAndNewOnesMade) {
  given("a.o");
  EXPECT_TRUE(deliver(hit({"a.o", "a.d"})));
  EXPECT_EQ(content("a.o"), "new");
  EXPECT_EQ(content("a.d"), "new");
  EXPECT_THAT(names(), ElementsAre("a.d", "a.o")) << "no other name is left";
}

TEST_P(DeliverWithoutTest, TheMainOutputComesLast) {
  given("a.o");
  const Appearances seen(directory_.path());
  EXPECT_TRUE(deliver(hit({"a.o", "a.dwo", "a.d"})));
  std::vector<std::string> order = seen.all();
  std::erase_if(order, [](const std::string& name) { return name.contains(".zccache-"); });
  EXPECT_THAT(order, ElementsAre("a.d", "a.dwo", "a.o"));
}

TEST_P(DeliverWithoutTest, ModesAreThoseThatTheCompilerWouldHaveGiven) {
  given("kept");
  ASSERT_EQ(::chmod((directory_ / "kept").c_str(), 0600), 0);
  given("replaced");
  ASSERT_EQ(::chmod((directory_ / "replaced").c_str(), 0600), 0);
  wire::Hit hit = this->hit({"program", "kept", "replaced"});
  hit.files[0].executable = true;
  hit.files[1].old_file = wire::OldFile::kRewritten;
  const mode_t before = ::umask(027);
  EXPECT_TRUE(deliver(hit));
  ::umask(022);
  EXPECT_TRUE(deliver(this->hit({"wide"})));
  ::umask(before);
  EXPECT_EQ(mode("program"), 0750U);
  EXPECT_EQ(mode("kept"), 0600U);
  EXPECT_EQ(mode("replaced"), 0640U);
  EXPECT_EQ(mode("wide"), 0644U);
}

TEST_P(DeliverWithoutTest, AnOutputMayComeAsADescriptor) {
  given("blob", "from the store");
  wire::Hit hit = this->hit({"a.o", "a.d"});
  hit.files[0].has_fd = true;
  hit.files[0].size_bytes = 14;
  std::vector<os::Fd> fds;
  fds.push_back(*os::open_path(directory_ / "blob", O_RDONLY));
  EXPECT_TRUE(deliver(hit, fds));
  EXPECT_EQ(content("a.o"), "from the store");
  EXPECT_EQ(content("a.d"), "new");
}

TEST_P(DeliverWithoutTest, WhatCannotBeReadLeavesEverythingAsItWas) {
  given("a.o");
  given("blob");
  wire::Hit hit = this->hit({"a.o", "a.d"});
  hit.files[0].has_fd = true;
  std::vector<os::Fd> fds;
  fds.push_back(*os::open_path(directory_ / "blob", O_WRONLY));
  EXPECT_FALSE(deliver(hit, fds));
  EXPECT_EQ(content("a.o"), "old");
  EXPECT_THAT(names(), ElementsAre("a.o", "blob"));
}

TEST_P(DeliverWithoutTest, WithoutItsDirectoryNothingIsMade) {
  given("a.o");
  EXPECT_FALSE(deliver(hit({"a.o", "none/a.d"})));
  EXPECT_EQ(content("a.o"), "old");
  EXPECT_THAT(names(), ElementsAre("a.o"));
}

// --- of any command

constexpr auto kDirectory = wire::FileKind::kDirectory;
constexpr auto kSymlink = wire::FileKind::kSymlink;

TEST_F(DeliverTest, DirectoriesComeFirstAndSymlinksLast) {
  wire::Hit all = hit({"d/e/f", "l", "d", "d/e"});
  all.files[1].kind = kSymlink;
  all.files[1].bytes = "d/e/f";
  all.files[2].kind = kDirectory;
  all.files[3].kind = kDirectory;
  all.files[3].mode = 0700;
  given("l");
  ASSERT_TRUE(deliver_files(all, {}));
  EXPECT_EQ(content("d/e/f"), "new");
  EXPECT_EQ(mode("d/e"), 0700U);
  EXPECT_EQ(std::filesystem::read_symlink(directory_ / "l"), "d/e/f");
}

TEST_F(DeliverTest, ADirectoryThatIsThereStays) {
  ASSERT_EQ(::mkdir((directory_ / "d").c_str(), 0711), 0);
  wire::Hit all = hit({"d"});
  all.files[0].kind = kDirectory;
  ASSERT_TRUE(deliver_files(all, {}));
  EXPECT_EQ(mode("d"), 0711U);
}

TEST_F(DeliverTest, AModeIsGivenWhateverTheMask) {
  const mode_t mask = ::umask(077);
  wire::Hit all = hit({"a"});
  all.files[0].mode = 0754;
  EXPECT_TRUE(deliver_files(all, {}));
  ::umask(mask);
  EXPECT_EQ(mode("a"), 0754U);
}

TEST_F(DeliverTest, NewDirectoriesAreRemovedAgainIfAFileCannotBeMade) {
  given("file");
  wire::Hit all = hit({"d/e/f", "file/below", "d", "d/e"});
  all.files[2].kind = kDirectory;
  all.files[3].kind = kDirectory;
  EXPECT_FALSE(deliver_files(all, {}));
  EXPECT_THAT(names(), ElementsAre("file"));
}

TEST_F(DeliverTest, ASymlinkDoesNotTakeThePlaceOfADirectory) {
  ASSERT_EQ(::mkdir((directory_ / "l").c_str(), 0700), 0);
  wire::Hit all = hit({"l"});
  all.files[0].kind = kSymlink;
  EXPECT_FALSE(deliver_files(all, {}));
  EXPECT_TRUE(std::filesystem::is_directory(directory_ / "l"));
}

TEST_F(DeliverTest, PathsAreClearedAsFarAsTheyAreThere) {
  given("file");
  ASSERT_EQ(::symlink("file", (directory_ / "l").c_str()), 0);
  ASSERT_EQ(::mkdir((directory_ / "d").c_str(), 0700), 0);
  ASSERT_EQ(::mkdir((directory_ / "full").c_str(), 0700), 0);
  given("d/f");
  given("full/f");
  const std::vector<std::string> paths = {directory_ / "file", directory_ / "none",
                                          directory_ / "l",    directory_ / "d/f",
                                          directory_ / "d",    directory_ / "full"};
  clear_paths({paths.begin(), paths.end()});
  EXPECT_THAT(names(), ElementsAre("full"));
}

}  // namespace
}  // namespace zc::client
