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

  Preload preload() const {
    const std::string image = bytes();
    const auto read_at = [&](std::uint64_t offset, void* out, std::size_t size) {
      const std::string part = offset < image.size() ? image.substr(offset, size) : std::string();
      std::memcpy(out, part.data(), part.size());
      return static_cast<std::ptrdiff_t>(part.size());
    };
    return ProgramFile(read_at).preload();
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

 private:
  static constexpr std::uint64_t kAddress = 0x400000;
  static constexpr std::uint64_t kDynamic = sizeof(ElfHead) + 3 * sizeof(ElfSegment);
  static constexpr std::uint64_t kTexts = kDynamic + 3 * sizeof(ElfEntry);

  template <class T>
  static std::string as_bytes(const T& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
  }
};

TEST(ProgramFileTest, TheLoaderTellsTheCLibrary) {
  MadeUpProgram program;
  EXPECT_EQ(program.preload(), Preload::kGlibc);
  program.interpreter = "/far/away/ld-linux-x86-64.so.2";
  EXPECT_EQ(program.preload(), Preload::kGlibc);
  program.interpreter = "/lib/ld-musl-x86_64.so.1";
  EXPECT_EQ(program.preload(), Preload::kMusl);
  program.interpreter = "/system/bin/linker64";
  EXPECT_EQ(program.preload(), Preload::kNone);
}

TEST(ProgramFileTest, NotOneOfAnotherWordSizeOrProcessor) {
  MadeUpProgram narrow;
  narrow.head.ident[4] = 1;
  EXPECT_EQ(narrow.preload(), Preload::kNone);
  MadeUpProgram other;
  other.head.machine = 183;
  EXPECT_EQ(other.preload(), Preload::kNone);
}

TEST(ProgramFileTest, NotOneWhoseSanitizerWantsToBeFirst) {
  MadeUpProgram program;
  for (const char* library : {"libasan.so.8", "libclang_rt.asan-x86_64.so"}) {
    program.library = library;
    EXPECT_EQ(program.preload(), Preload::kNone) << library;
  }
  program.library = "libubsan.so.1";
  EXPECT_EQ(program.preload(), Preload::kGlibc);
}

TEST(ProgramFileTest, AStaticProgramLoadsNothing) {
  MadeUpProgram program;
  program.interpreter = "";
  EXPECT_EQ(program.preload(), Preload::kNone);
}

TEST(ProgramFileTest, ALoaderThatIsStartedLoadsAnything) {
  EXPECT_EQ(preload_of("/lib64/ld-linux-x86-64.so.2"), Preload::kAny);
  EXPECT_EQ(preload_of("/no/such/program"), Preload::kAny);
}

TEST(ProgramFileTest, AScriptIsReadByTheProgramThatItNames) {
  const test::TemporaryDirectory directory;
  MadeUpProgram program;
  program.interpreter = "/lib/ld-musl-x86_64.so.1";
  ASSERT_TRUE(replace_file(directory / "shell", program.bytes(), 0700));
  const auto preload_of_script = [&](const std::string& text) {
    EXPECT_TRUE(replace_file(directory / "script", text, 0700));
    return preload_of(directory / "script");
  };
  EXPECT_EQ(preload_of_script("#!" + (directory / "shell") + "\n"), Preload::kMusl);
  EXPECT_EQ(preload_of_script("#! \t" + (directory / "shell") + " -e\n"), Preload::kMusl);
  EXPECT_EQ(preload_of_script("#!" + (directory / "gone") + "\n"), Preload::kAny);
  EXPECT_EQ(preload_of_script("#!"), Preload::kAny);
  EXPECT_EQ(preload_of_script("#!" + (directory / "script") + "\n"), Preload::kAny)
      << "the kernel does not go on for ever either";
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
