// For tests of what verifies hits: a hit of an object and a depfile, and runs beside it.
//
// Thread: the test's.
#pragma once

#include <sys/mman.h>
#include <sys/stat.h>

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/compile.h"
#include "os/file.h"
#include "os/file_system.h"
#include "support/temporary_directory.h"
#include "wire/message.h"

namespace zc::daemon {

class CompileOfAnObject final : public engine::CacheableCompile {
 public:
  CompileOfAnObject(const os::FileSystem& fs, const wire::CompileRequest& request)
      : CacheableCompile(fs, request) {
    source = "a.c";
    products = {{.role = 0, .path = "a.o"}, {.role = 1, .path = "a.dwo"}};
    manifest_key = codec::digest_of(request.args[0]);
  }
  void plan(engine::RunPlan&) const override {}
  void add_maps(wire::RunOrder& order) const override {
    order.inject.assign(maps.begin(), maps.end());
  }
  compiler::OrBypass<engine::InputList> learn(const engine::RunOutputs&) override {
    return engine::InputList();
  }
  std::string generate_depfile(const engine::LoadedSet&) const override { return {}; }

  std::vector<std::string> maps;
};

// A run of the compiler and the report of it. As the hit, unless the test changes something.
struct RunBeside {
  int exit_code = 0;
  bool signalled = false;
  bool streams_too_large = false;
  std::string out = "out";
  std::string err = "warning";
  std::vector<std::string> files = {"object", "a.o: a.c\n"};  // "": not there
  mode_t mode = 0644;
};

class VerificationFixture : public ::testing::Test {
 protected:
  VerificationFixture() {
    request_.version = "9.9.9";
    request_.tool = "/usr/bin/gcc";
    request_.cwd = directory_.path();
    request_.args = {"gcc", "-c", "a.c"};
    hit_.result = codec::digest_of("result");
    hit_.fds.push_back(file_of("object"));
    hit_.hit.out = "out";
    hit_.hit.err = "warning";
    hit_.hit.files = {{.path = "a.o", .has_fd = true, .size_bytes = 6},
                      {.path = "a.d",
                       .old_file = wire::OldFile::kRewritten,
                       .size_bytes = 9,
                       .bytes = "a.o: a.c\n"}};
  }

  os::Fd file_of(const std::string& bytes, mode_t mode = 0600) {
    const std::string path = directory_ / std::to_string(files_++);
    EXPECT_TRUE(os::replace_file(path, bytes, 0600));
    EXPECT_EQ(::chmod(path.c_str(), mode), 0);
    return os::open_file(path, os::Open::kRead).value_or(os::Fd());
  }

  // The report, with descriptors for `fds`. Borrows from the run.
  wire::RunReport report_of(const RunBeside& run, std::vector<os::Fd>& fds) {
    wire::RunReport out;
    out.exit_code = run.exit_code;
    out.signalled = run.signalled;
    out.streams_too_large = run.streams_too_large;
    out.out = run.out;
    out.err = run.err;
    // The client sends no files of a run that failed.
    for (std::size_t i = 0; run.exit_code == 0 && i < 3; ++i) {
      const bool is_there = i < run.files.size() && !run.files[i].empty();
      out.present.push_back(is_there);
      if (is_there) {
        fds.push_back(file_of(run.files[i], run.mode));
      }
    }
    return out;
  }

  test::TemporaryDirectory directory_;
  int files_ = 0;
  os::PosixFileSystem fs_;
  wire::CompileRequest request_;
  engine::HitReply hit_;
};

}  // namespace zc::daemon
