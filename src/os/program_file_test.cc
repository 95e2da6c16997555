#include "os/program_file.h"

#include <sys/stat.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <filesystem>

#include <gtest/gtest.h>

#include "os/file.h"
#include "support/temporary_directory.h"

namespace zc::os {
namespace {

// A program as its file begins: the head, three segments, the dynamic section, and texts.
class MadeUpProgram {
 public:
  MadeUpProgram() {
    head.ident = {0x7f, 'E', 'L', 'F', 2};
    head.machine = 62;
    head.phoff = sizeof head;
    head.phnum = 3;
  }

  ElfHead head = {};
  std::string interpreter = "/lib64/ld-linux-x86-64.so.2";
  std::string library = "libc.so.6";

  bool can_be_preloaded() const {
    const std::string image = bytes();
    return os::can_be_preloaded([&](std::uint64_t offset, void* out, std::size_t size) {
      const std::string part = offset < image.size() ? image.substr(offset, size) : std::string();
      std::memcpy(out, part.data(), part.size());
      return static_cast<std::ptrdiff_t>(part.size());
    });
  }

 private:
  static constexpr std::uint64_t kAddress = 0x400000;
  static constexpr std::uint64_t kDynamic = sizeof(ElfHead) + 3 * sizeof(ElfSegment);
  static constexpr std::uint64_t kTexts = kDynamic + 3 * sizeof(ElfEntry);

  template <class T>
  static std::string as_bytes(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
  }

  std::string bytes() const {
    const std::string texts = interpreter + '\0' + library + '\0';
    const std::uint64_t size = kTexts + texts.size();
    std::array<ElfSegment, 3> segments = {};
    segments[0].type = ElfSegment::kLoad;
    segments[0].vaddr = kAddress;
    segments[0].filesz = size;
    segments[1].type = interpreter.empty() ? 0 : ElfSegment::kInterpreter;
    segments[1].offset = kTexts;
    segments[2].type = ElfSegment::kDynamic;
    segments[2].offset = kDynamic;
    const std::array<ElfEntry, 3> entries = {
        {{.tag = ElfEntry::kNames, .value = kAddress + kTexts},
         {.tag = ElfEntry::kNeeded, .value = interpreter.size() + 1},
         {.tag = 0, .value = 0}}};
    return as_bytes(head) + as_bytes(segments) + as_bytes(entries) + texts;
  }
};

TEST(ProgramFileTest, AnOrdinaryProgramCanBePreloaded) {
  EXPECT_TRUE(MadeUpProgram().can_be_preloaded());
}

TEST(ProgramFileTest, NotOneOfAnotherWordSizeOrProcessor) {
  MadeUpProgram narrow;
  narrow.head.ident[4] = 1;
  EXPECT_FALSE(narrow.can_be_preloaded());
  MadeUpProgram other;
  other.head.machine = 183;
  EXPECT_FALSE(other.can_be_preloaded());
}

TEST(ProgramFileTest, NotOneOfAnotherCLibrary) {
  MadeUpProgram program;
  program.interpreter = "/lib/ld-musl-x86_64.so.1";
  EXPECT_FALSE(program.can_be_preloaded());
  program.interpreter = "/far/away/ld-linux-x86-64.so.2";
  EXPECT_TRUE(program.can_be_preloaded());
}

TEST(ProgramFileTest, NotOneWhoseSanitizerWantsToBeFirst) {
  MadeUpProgram program;
  for (const char* library : {"libasan.so.8", "libclang_rt.asan-x86_64.so"}) {
    program.library = library;
    EXPECT_FALSE(program.can_be_preloaded()) << library;
  }
  program.library = "libubsan.so.1";
  EXPECT_TRUE(program.can_be_preloaded());
}

TEST(ProgramFileTest, WhatHasNoLoaderPrintsNothing) {
  MadeUpProgram fixed;
  fixed.interpreter = "";
  EXPECT_TRUE(fixed.can_be_preloaded());
  const auto script = [](std::uint64_t, void* out, std::size_t size) {
    std::memset(out, '#', size);
    return static_cast<std::ptrdiff_t>(size);
  };
  EXPECT_TRUE(can_be_preloaded(script));
  EXPECT_TRUE(can_be_preloaded(std::string("/no/such/program")));
}

TEST(IsScript, ByTheFirstBytesOfWhatAPathLeadsTo) {
  const test::TemporaryDirectory directory;
  const auto write = [&](const char* name, const char* text) {
    EXPECT_TRUE(replace_file(directory / name, text, 0700));
  };
  write("script", "#!/bin/sh\n");
  write("short", "#");
  write("text", " #!/bin/sh\n");
  std::filesystem::create_symlink("script", directory / "link");
  ASSERT_EQ(::mkfifo((directory / "fifo").c_str(), 0600), 0);
  EXPECT_TRUE(is_script(directory / "script"));
  EXPECT_TRUE(is_script(directory / "link"));
  for (const char* name : {"short", "text", "fifo", "gone", "."}) {
    EXPECT_FALSE(is_script(directory / name)) << name;
  }
}

}  // namespace
}  // namespace zc::os
