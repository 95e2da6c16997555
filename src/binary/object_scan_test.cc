#include "binary/object_scan.h"

#include <cstdlib>
#include <fstream>
#include <iterator>

#include <gtest/gtest.h>

#include "base/str.h"
#include "binary/system_call_scan.h"
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
  EXPECT_FALSE(traits.makes_system_calls) << "0f 05 inside of another instruction is none";
}

TEST_F(ObjectScan, EnvironmentAsAWhole) {
  const ObjectTraits traits =
      scan_object(library("extern char** environ; char** all(void) { return environ; }"));
  EXPECT_TRUE(traits.reads_environment);
  EXPECT_FALSE(traits.makes_system_calls);
}

TEST_F(ObjectScan, EnvironmentOfAProgram) {
  const std::string source =
      "extern char** environ; int main(void) { return environ != (void*)0; }";
  EXPECT_TRUE(scan_object(library(source, "-no-pie")).reads_environment);
  EXPECT_TRUE(scan_object(library(source, "-pie -fPIE")).reads_environment);
  EXPECT_FALSE(scan_object(library("int main(void) { return 0; }", "-no-pie")).reads_environment);
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
    EXPECT_FALSE(calls.makes_system_calls);
    const ObjectTraits holds = scan_object(library(str_cat(declared, " { return 1; }")));
    EXPECT_FALSE(holds.asks_by_rust_library) << name;
  }
}

TEST_F(ObjectScan, SystemCall) {
  const ObjectTraits traits =
      scan_object(library("long call(long n) { __asm__ volatile(\"syscall\" : \"+a\"(n) :: "
                          "\"rcx\", \"r11\"); return n; }"));
  EXPECT_FALSE(traits.reads_environment);
  EXPECT_TRUE(traits.makes_system_calls);
}

TEST_F(ObjectScan, WhatIsNotUnderstoodCouldDoAnything) {
  const std::string good = library("int one(void) { return 1; }");
  ASSERT_FALSE(scan_object(good).makes_system_calls);
  for (const std::string& image : {std::string(), std::string("#!/bin/sh\n"), good.substr(0, 100),
                                   good.substr(0, good.size() - 200)}) {
    const ObjectTraits traits = scan_object(image);
    EXPECT_TRUE(traits.reads_environment);
    EXPECT_TRUE(traits.makes_system_calls);
    EXPECT_TRUE(traits.asks_by_rust_library);
  }
}

TEST(SystemCallScan, Instructions) {
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
