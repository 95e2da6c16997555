#include "compiler/detect.h"

#include <gtest/gtest.h>

namespace zc::compiler {
namespace {

TEST(Detect, KnowsDriversByName) {
  struct Case {
    const char* tool;
    bool is_cxx;
  };
  for (const Case& c : {
           Case{"gcc", false},
           Case{"g++", true},
           Case{"/usr/bin/cc", false},
           Case{"c++", true},
           Case{"./clang", false},
           Case{"clang++", true},
           Case{"gcc-12", false},
           Case{"gcc12", false},
           Case{"g++-12.2.0", true},
           Case{"clang-14.0.6", false},
           Case{"clang++-19", true},
           Case{"x86_64-linux-gnu-gcc", false},
           Case{"x86_64-linux-gnu-g++-12", true},
           Case{"arm-none-eabi-gcc", false},
           Case{"aarch64-linux-gnu-c++", true},
           Case{"armv7a-linux-androideabi21-clang++", true},
           Case{"x86_64-w64-mingw32.static-gcc", false},
           Case{"avr-gcc", false},
           Case{"avr-g++-5.4.0", true},
           Case{"x86_64-w64-mingw32-gcc-posix", false},
           Case{"i686-w64-mingw32-g++-12-win32", true},
       }) {
    const auto found = detect(c.tool);
    ASSERT_TRUE(found) << c.tool;
    EXPECT_EQ(found->tool, Tool::kCc) << c.tool;
    EXPECT_EQ(found->is_cxx_driver, c.is_cxx) << c.tool;
  }
}

TEST(Detect, TakesNamesThatEndLikeADriversForWrappers) {
  struct Case {
    const char* tool;
    bool is_cxx;
  };
  for (const Case& c : {Case{"gcc", false}, Case{"/opt/bin/mpicc", false}, Case{"mpicxx", true},
                        Case{"mpiCC", true}, Case{"mpic++", true}, Case{"my-g++-12", true},
                        Case{"my-clang", false}, Case{"my-clang++", true}}) {
    const auto found = detect_wrapper(c.tool);
    ASSERT_TRUE(found) << c.tool;
    EXPECT_EQ(found->is_cxx_driver, c.is_cxx) << c.tool;
  }
  for (const char* tool : {"cc1", "rustc", "ccache", "make", "clang-tidy", "gcc-ar", ""}) {
    EXPECT_FALSE(detect_wrapper(tool)) << tool;
  }
}

TEST(Detect, KnowsRustByName) {
  for (const char* tool : {"rustc", "/usr/lib/rust/bin/rustc", "rustc-1.95", "rustc-1.95.0"}) {
    const auto found = detect(tool);
    ASSERT_TRUE(found) << tool;
    EXPECT_EQ(found->tool, Tool::kRustc) << tool;
  }
  for (const char* tool : {"clippy-driver", "bin/clippy-driver", "clippy-driver-1.95"}) {
    const auto found = detect(tool);
    ASSERT_TRUE(found) << tool;
    EXPECT_EQ(found->tool, Tool::kClippy) << tool;
  }
}

TEST(Detect, KnowsTheToolsOfEmscripten) {
  EXPECT_EQ(detect("/usr/bin/emcc")->tool, Tool::kEmscripten);
  EXPECT_EQ(detect("em++")->tool, Tool::kEmscripten);
  EXPECT_EQ(detect("/opt/emsdk/emar")->tool, Tool::kEmscripten);
  EXPECT_EQ(detect("emranlib")->tool, Tool::kEmscripten);
  EXPECT_FALSE(is_of_rust(Tool::kEmscripten));
}

TEST(Detect, KnowsGfortranByName) {
  for (const char* tool : {"gfortran", "/usr/bin/gfortran-12", "x86_64-linux-gnu-gfortran-12",
                           "gfortran13", "./gfortran"}) {
    const auto found = detect(tool);
    ASSERT_TRUE(found) << tool;
    EXPECT_EQ(found->tool, Tool::kFortran) << tool;
  }
  EXPECT_TRUE(is_driver(Tool::kFortran));
  EXPECT_TRUE(is_driver(Tool::kCc));
  EXPECT_FALSE(is_driver(Tool::kEmscripten));
  EXPECT_FALSE(is_of_rust(Tool::kFortran));
}

TEST(Detect, KnowsClangClByName) {
  for (const char* tool : {"clang-cl", "/usr/bin/clang-cl-19", "clang-cl-14"}) {
    const auto found = detect(tool);
    ASSERT_TRUE(found) << tool;
    EXPECT_EQ(found->tool, Tool::kClangCl) << tool;
  }
  EXPECT_TRUE(is_driver(Tool::kClangCl));
}

TEST(Detect, KnowsNvccByName) {
  EXPECT_EQ(detect("/usr/local/cuda/bin/nvcc")->tool, Tool::kNvcc);
  EXPECT_EQ(detect("nvcc")->tool, Tool::kNvcc);
  EXPECT_FALSE(is_driver(Tool::kNvcc));
}

TEST(Detect, TakesNothingElseForACompiler) {
  for (const char* tool : {"clang-tidy",
                           "clang-format",
                           "clang-format-14",
                           "clang-cpp",
                           "clang-cpp-14",
                           "clangd",
                           "clang-scan-deps",
                           "gcc-ar",
                           "gcc-ar-12",
                           "gcc-nm",
                           "gcc-ranlib",
                           "cpp",
                           "ccache",
                           "nvcc-wrapper",
                           "icc",
                           "gccgo",
                           "fortran",
                           "my-gfortran",
                           "f951",
                           "gcc-foo",
                           "gcc-posix",
                           "bavr-gcc",
                           "x86_64-w64-mingw32-posix",
                           "",
                           "-",
                           "12",
                           "gcc-",
                           "-gcc",
                           "GCC",
                           "mycc",
                           "python3",
                           "emcmake",
                           "rustc-",
                           "rustc.rs",
                           "rustdoc",
                           "my-own-rustc",
                           "clippy",
                           "cargo-clippy",
                           "cc1",
                           "cc1plus",
                           "a-b-c-d-e-gcc",
                           "tcc",
                           "gcc.sh",
                           "./",
                           "/usr/bin/"}) {
    EXPECT_FALSE(detect(tool)) << tool;
  }
}

}  // namespace
}  // namespace zc::compiler
