#include "engine/driver/nvcc_profile.h"

#include <gtest/gtest.h>

namespace zc::engine::driver {
namespace {

// That of CUDA 13.5.
constexpr std::string_view kProfile =
    "\nTOP              = $(_HERE_)/..\n\nCICC_PATH        = $(TOP)/nvvm/bin\n"
    "NVVMIR_LIBRARY_DIR = $(TOP)/nvvm/libdevice\n\nLD_LIBRARY_PATH += $(TOP)/lib:\n"
    "PATH            += $(CICC_PATH):$(_HERE_):\n\n"
    "INCLUDES        +=  \"-I$(TOP)/include\" $(_SPACE_)\n"
    "LIBRARIES        =+ $(_SPACE_) \"-L$(TOP)/lib/stubs\"\n\nCUDAFE_FLAGS    +=\n";

TEST(NvccProfile, SaysWhereProgramsAndLibrariesAreLookedForFirst) {
  const auto profile = read_nvcc_profile(kProfile, "/cuda/bin");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->program_directories, "/cuda/bin/../nvvm/bin:/cuda/bin:");
  EXPECT_EQ(profile->library_directories, "/cuda/bin/../lib:");
}

TEST(NvccProfile, TheLastLineComesFirst) {
  const auto profile = read_nvcc_profile("PATH += /a:\nPATH += /b:\n", "/cuda/bin");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->program_directories, "/b:/a:");
  EXPECT_EQ(profile->library_directories, "");
}

TEST(NvccProfile, WhatIsNotKnownCounts) {
  EXPECT_FALSE(read_nvcc_profile("PATH += $(ELSEWHERE)/bin:\n", "/c"));
  EXPECT_FALSE(read_nvcc_profile("A = $(B)\nPATH += $(A):\n", "/c"));
  EXPECT_FALSE(read_nvcc_profile("A = /a\nA += $(B)\nPATH += $(A):\n", "/c"));
  EXPECT_FALSE(read_nvcc_profile("PATH += $(_HERE_\n", "/c"));
  EXPECT_FALSE(read_nvcc_profile("PATH = /bin\n", "/c")) << "in place of what is there";
  EXPECT_FALSE(read_nvcc_profile("LD_LIBRARY_PATH =+ :/late\n", "/c"));
  EXPECT_TRUE(read_nvcc_profile("INCLUDES += $(B)\n=\nno line\n", "/c"));
}

}  // namespace
}  // namespace zc::engine::driver
