#include "engine/observed/coff_stamp.h"

#include <gtest/gtest.h>

#include "support/mem_file_system.h"

namespace zc::engine {
namespace {

using namespace std::string_literals;

const std::string kObject = "\x64\x86\5\0\x11\x22\x33\x6a and more"s;
const std::string kUnstamped = "\x64\x86\5\0\0\0\0\0 and more"s;

TEST(CoffStamp, IsBehindTheMachine) {
  EXPECT_TRUE(has_coff_stamp(kObject));
  EXPECT_TRUE(has_coff_stamp("\x64\xaa\5\0\1\0\0\0 and more"s));
  EXPECT_TRUE(has_coff_stamp("\0\0\xff\xff\2\0\x64\x86\x11\x22\x33\x6a"s)) << "of many sections";
  EXPECT_FALSE(has_coff_stamp(kUnstamped));
  EXPECT_FALSE(has_coff_stamp("\0\0\xff\xff\2\0\x64\x86\0\0\0\0"s));
  EXPECT_FALSE(
      has_coff_stamp("\x7f"
                     "ELF\2\1\1\0\0\0\0\0\0"s));
  EXPECT_FALSE(has_coff_stamp("int a;"));
  EXPECT_FALSE(has_coff_stamp(""));
}

TEST(CoffStamp, CountsIfTheRunHasAskedForTheTime) {
  test::MemFileSystem fs;
  fs.write("/w/a.obj", kObject);
  fs.write("/w/b.obj", kUnstamped);
  Trace trace;
  EXPECT_TRUE(check_coff_stamps(fs, trace, {"/w/a.obj"})) << "a digest, by /Brepro";
  trace.times = {{.about = "gettimeofday"}};
  EXPECT_TRUE(check_coff_stamps(fs, trace, {"/w/a.obj"}));
  trace.times = {{.about = "time"}};
  EXPECT_FALSE(check_coff_stamps(fs, trace, {"/w/b.obj", "/w/a.obj"}));
  EXPECT_TRUE(check_coff_stamps(fs, trace, {"/w/b.obj", "/w/none"}));
}

TEST(CoffStamp, CountsInWhatTheClientHasSent) {
  Trace trace;
  RunOutputs outputs;
  outputs.outputs.push_back({.bytes = kObject});
  EXPECT_TRUE(check_coff_stamps(trace, outputs));
  trace.times = {{.about = "time"}};
  EXPECT_FALSE(check_coff_stamps(trace, outputs));
  outputs.outputs.front().bytes = kUnstamped;
  EXPECT_TRUE(check_coff_stamps(trace, outputs));
  outputs.outputs.push_back({.fd = -1});
  EXPECT_TRUE(check_coff_stamps(trace, outputs));
}

}  // namespace
}  // namespace zc::engine
