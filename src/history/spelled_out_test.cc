#include "history/spelled_out.h"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "base/str.h"
#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::history {
namespace {

using Words = std::vector<std::string>;

class SpelledOut : public ::testing::Test {
 protected:
  void file(const std::string& name, const std::string& text) {
    EXPECT_TRUE(os::replace_file(directory_ / name, text, 0600));
  }
  Words words(const Words& args, std::string_view tool = "/usr/bin/gcc") {
    wire::CompileRequest request;
    request.tool = tool;
    const std::string cwd = directory_.path();
    request.cwd = cwd;
    request.args = {"gcc"};
    request.args.insert(request.args.end(), args.begin(), args.end());
    return spelled_out(request);
  }

  test::TemporaryDirectory directory_;
};

TEST_F(SpelledOut, HasTheWordsOfResponseFilesInTheirPlaces) {
  file("a.rsp", "-O2 'a b.c' @b.rsp");
  file("b.rsp", "-g\n");
  EXPECT_EQ(words({"-c", "@a.rsp", "-v"}), (Words{"-c", "-O2", "a b.c", "-g", "-v"}));
}

TEST_F(SpelledOut, IsNothingWithoutResponseFiles) {
  EXPECT_EQ(words({"-c", "a.c"}), Words());
  EXPECT_EQ(words({}), Words());
}

TEST_F(SpelledOut, IsNothingIfThatIsNotCertain) {
  file("a.rsp", "-O2");
  EXPECT_EQ(words({"@none.rsp"}), Words());
  EXPECT_EQ(words({"@a.rsp"}, "/usr/bin/rustc"), Words());
  file("long.rsp", std::string(300 << 10, 'x'));
  EXPECT_EQ(words({"@long.rsp"}), Words());
  const std::string fifo = directory_ / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_EQ(words({"@fifo"}), Words());
  EXPECT_EQ(words({"@/dev/null"}), Words());
}

}  // namespace
}  // namespace zc::history
