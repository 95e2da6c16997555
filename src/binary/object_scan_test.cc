#include "binary/object_scan.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/str.h"
#include "binary/instructions.h"
#include "binary/rust_symbols.h"
#include "support/temporary_directory.h"

namespace zc::binary {
namespace {

using namespace std::string_view_literals;

class ObjectScan : public ::testing::Test {
 protected:
  // A library, or what `flags` request, made of C source by the compiler of this machine.
  std::string library(std::string_view source, std::string_view flags = "-shared -fPIC") const {
    const std::string base = scratch_.path() + "/object";
    std::ofstream(base + ".c") << source;
    const std::string command = str_cat("gcc -O1 ", flags, " -o ", base, ".so ", base, ".c");
    EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT(concurrency-mt-unsafe)
    std::ifstream in(base + ".so", std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  test::TemporaryDirectory scratch_;
};

TEST_F(ObjectScan, HarmlessLibrary) {
  const ObjectTraits traits = scan_object(library(R"(
    #include <stdlib.h>
    #include <fcntl.h>
    const char* ask(void) { return getenv("A"); }
    int look(const char* p) { return open(p, O_RDONLY); }
    int decoy(void) { return 0x050f; }
  )"));
  EXPECT_FALSE(traits.reads_environment);
  EXPECT_EQ(traits.system_calls, SystemCalls::kNone)
      << "0f 05 inside of another instruction is none";
}

TEST_F(ObjectScan, EnvironmentAsAWhole) {
  const ObjectTraits traits =
      scan_object(library("extern char** environ; char** all(void) { return environ; }"));
  EXPECT_TRUE(traits.reads_environment);
  EXPECT_EQ(traits.system_calls, SystemCalls::kNone);
}

TEST_F(ObjectScan, EnvironmentOfAProgram) {
  const std::string source =
      "extern char** environ; int main(void) { return environ != (void*)0; }";
  EXPECT_TRUE(scan_object(library(source, "-no-pie")).reads_environment);
  EXPECT_TRUE(scan_object(library(source, "-pie -fPIE")).reads_environment);
  EXPECT_FALSE(scan_object(library("int main(void) { return 0; }", "-no-pie")).reads_environment);
}

// Functions that have the names of Rust's, as its library lies in a macro.
constexpr std::string_view kDeclarations = R"(
  extern char** environ;
  #define NAMED(name) __asm__(name) __attribute__((visibility("hidden"), noinline))
  char** vars_os(void) NAMED("_RNvNtCsjrHSEGnQ3l9_3std3env7vars_os");
  char** spawn(void) NAMED("_RNvMNtNtNtNtCs1_3std3sys7process4unix4unix7Command5spawn");
  char** capture(void) NAMED("_ZN3std10sys_common7process10CommandEnv7capture17h0123456789abcdefE");
  char** mine(void) NAMED("_RNvCs1_5macro4mine");
  char** vars_os(void) { return environ + 1; }
  char** spawn(void) { return environ; }
)";

TEST_F(ObjectScan, TheEnvironmentIsOnlyPassedOnByRustsLibrary) {
  const auto reads = [&](std::string_view source, std::string_view flags = "") {
    const std::string all = str_cat("-shared -fPIC -fvisibility=hidden ", flags);
    return scan_object(library(str_cat(kDeclarations, source), all)).reads_environment;
  };
  EXPECT_FALSE(reads(""));
  EXPECT_FALSE(reads("char** capture(void) { return vars_os() + 1; }"));
  EXPECT_TRUE(reads("char** mine(void) { return environ; }"));
  EXPECT_TRUE(reads("char** mine(void) { return vars_os() + 1; }"));
  EXPECT_TRUE(reads("char** mine(void) { return vars_os(); }")) << "by a jump";
  EXPECT_TRUE(reads("char** mine(void) { return (char**)vars_os; }")) << "by its address";
  EXPECT_TRUE(reads("char** (*table[])(void) = {vars_os, spawn};")) << "who knows who calls it";
  EXPECT_TRUE(reads("char*** table[] = {&environ};"));
  EXPECT_TRUE(reads("", "-s")) << "without a symbol table";
  EXPECT_TRUE(reads("__asm__(\".text\\n.byte 0x06\\n\");")) << "not all of it decodes";
}

TEST_F(ObjectScan, SystemCallsThatCargoMakesByItself) {
  const auto calls = [&](std::string_view name) {
    return scan_object(library(str_cat("long call(long n) __asm__(\"", name,
                                       "\"); long call(long n) { __asm__ volatile(\"syscall\" : "
                                       "\"+a\"(n) :: \"rcx\", \"r11\"); return n; }")))
        .system_calls;
  };
  EXPECT_EQ(calls("_RNvNtCsbMPrSSExaBr_13terminal_size4unix13terminal_size"),
            SystemCalls::kOfCargo);
  EXPECT_EQ(calls("_RINvNtNtCs2Bdk9Ot7tc_6rustix4path3arg20with_c_str_slow_path"
                  "uNvNtNtNtB6_7backend2fs8syscalls6unlinkECs610QNc0OuXI_8tempfile"),
            SystemCalls::kOfCargo);
  EXPECT_EQ(calls("_RINvNtNtCs2Bdk9Ot7tc_6rustix4path3arg20with_c_str_slow_path"
                  "uNvNtNtNtB6_7backend2fs8syscalls6openatECs610QNc0OuXI_8tempfile"),
            SystemCalls::kAny);
  EXPECT_EQ(calls("_RNvNtCs1_5macro13terminal_size"), SystemCalls::kAny);
  EXPECT_EQ(calls("call"), SystemCalls::kAny);
}

TEST(RustSymbols, AreKnownByTheirPath) {
  for (const char* symbol :
       {"_ZN3std3env7vars_os17h0123456789abcdefE", "_RNvNtCsjrHSEGnQ3l9_3std3env7vars_os",
        "_RNCNvNtCsjrHSEGnQ3l9_3std3env7vars_os0B5_", "_RINvNtCs1_3std3env7vars_osuE",
        "_RNvMs_NtCsjrHSEGnQ3l9_3std3env7vars_os", "_RNvXs1a_NtCsjrHSEGnQ3l9_3std3env7vars_os"}) {
    EXPECT_TRUE(is_at_rust_path(symbol, "3std3env7vars_os")) << symbol;
  }
  for (const char* symbol :
       {"", "_R", "_RNv", "vars_os", "3std3env7vars_os", "_ZN3foo3std3env7vars_os17hE",
        "_RNvNtNtCs1_3foo3std3env7vars_os", "_RINvCs1_3foo3barNtNtCs2_3std3env7vars_osE",
        "_RNvNtC3std3env7vars_os", "_RNvNtCs3std3env7vars_os"}) {
    EXPECT_FALSE(is_at_rust_path(symbol, "3std3env7vars_os")) << symbol;
  }
}

TEST_F(ObjectScan, RustLibraryOfAnotherObject) {
  for (const char* name :
       {"_ZN3std2fs8metadata17h0123456789abcdefE", "_RNvNtCs1234_3std2fs8metadata",
        "_RNvNtCs1234_3std3env11current_dir", "_ZN3std7process2id17h0123456789abcdefE",
        "_ZN3std6thread22available_parallelism17h0123456789abcdefE"}) {
    const std::string declared = str_cat("int ", name, "(void)");
    const ObjectTraits calls =
        scan_object(library(str_cat(declared, "; int look(void) { return ", name, "(); }")));
    EXPECT_TRUE(calls.asks_by_rust_library) << name;
    EXPECT_EQ(calls.system_calls, SystemCalls::kNone);
    const ObjectTraits holds = scan_object(library(str_cat(declared, " { return 1; }")));
    EXPECT_FALSE(holds.asks_by_rust_library) << name;
  }
}

TEST_F(ObjectScan, SystemCall) {
  const ObjectTraits traits =
      scan_object(library("long call(long n) { __asm__ volatile(\"syscall\" : \"+a\"(n) :: "
                          "\"rcx\", \"r11\"); return n; }"));
  EXPECT_FALSE(traits.reads_environment);
  EXPECT_EQ(traits.system_calls, SystemCalls::kAny);
}

TEST_F(ObjectScan, WhatIsNotUnderstoodCouldDoAnything) {
  const std::string good = library("int one(void) { return 1; }");
  ASSERT_EQ(scan_object(good).system_calls, SystemCalls::kNone);
  for (const std::string& image : {std::string(), std::string("#!/bin/sh\n"), good.substr(0, 100),
                                   good.substr(0, good.size() - 200)}) {
    const ObjectTraits traits = scan_object(image);
    EXPECT_TRUE(traits.reads_environment);
    EXPECT_EQ(traits.system_calls, SystemCalls::kAny);
    EXPECT_TRUE(traits.asks_by_rust_library);
  }
}

TEST(Instructions, SystemCalls) {
  EXPECT_FALSE(has_system_call(""));
  EXPECT_FALSE(has_system_call("\xc3"));                        // ret
  EXPECT_TRUE(has_system_call("\x0f\x05\xc3"));                 // syscall; ret
  EXPECT_TRUE(has_system_call("\x90\x90\x0f\x05"));             // after nops
  EXPECT_TRUE(has_system_call("\xcd\x80"));                     // int 0x80
  EXPECT_TRUE(has_system_call("\x0f\x34"));                     // sysenter
  EXPECT_FALSE(has_system_call("\xb8\x0f\x05\x00\x00\xc3"sv));  // mov eax, 0x50f; ret
  EXPECT_TRUE(has_system_call("\x06\x0f\x05"));  // behind a byte that is no instruction
}

}  // namespace
}  // namespace zc::binary
