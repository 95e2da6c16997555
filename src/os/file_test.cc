#include "os/file.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "os/pipe.h"

namespace zc::os {
namespace {

TEST(WriteAllTest, WaitsForRoomInAPipeThatDoesNotBlock) {
  const std::string text(std::size_t{1} << 20, 'x');
  Pipe pipe = *make_pipe();
  ASSERT_EQ(::fcntl(pipe.write.get(), F_SETFL, O_NONBLOCK), 0);
  std::string got;
  std::jthread reader([&] { got = *read_fd(pipe.read.get(), text.size()); });
  EXPECT_TRUE(write_all(pipe.write.get(), text));
  pipe.write.reset();
  reader.join();
  EXPECT_EQ(got, text);
}

TEST(WriteAllTest, EndsWhenTheReaderDoes) {
  struct sigaction ignore = {};
  struct sigaction before = {};
  ignore.sa_handler = SIG_IGN;
  ASSERT_EQ(::sigaction(SIGPIPE, &ignore, &before), 0);
  Pipe pipe = *make_pipe();
  ASSERT_EQ(::fcntl(pipe.write.get(), F_SETFL, O_NONBLOCK), 0);
  std::jthread reader([&] {
    char byte = 0;
    (void)::read(pipe.read.get(), &byte, 1);
    pipe.read.reset();
  });
  EXPECT_FALSE(write_all(pipe.write.get(), std::string(std::size_t{1} << 20, 'x')));
  EXPECT_EQ(::sigaction(SIGPIPE, &before, nullptr), 0);
}

TEST(WriteAllTest, SaysWhenADeviceIsFull) {
  const Result<Fd> full = open_path("/dev/full", O_WRONLY);
  ASSERT_TRUE(full);
  const Result<> written = write_all(full->get(), "text");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Code::kNoSpace);
}

}  // namespace
}  // namespace zc::os
