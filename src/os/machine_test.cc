#include "os/machine.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "os/memory.h"
#include "os/process.h"
#include "os/program_start.h"
#include "os/resource_limit.h"
#include "os/self.h"

namespace zc::os {
namespace {

TEST(MachineTest, StaysTheSame) {
  EXPECT_EQ(host_cpu(), host_cpu());
  EXPECT_EQ(boot_id(), identity_of(process_id())->boot_id);
}

TEST(MemoryTest, MappedPagesCountUntilTheyAreDropped) {
  constexpr std::size_t kBytes = std::size_t{64} << 20;
  const std::uint64_t before = resident_bytes();
  ASSERT_GT(before, 0U);
  void* const mapped = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  ASSERT_NE(mapped, MAP_FAILED);
  EXPECT_GT(resident_bytes(), before + kBytes / 2);
  drop_pages({static_cast<const char*>(mapped), kBytes});
  EXPECT_LT(resident_bytes(), before + kBytes / 2);
  ::munmap(mapped, kBytes);
}

TEST(ResourceLimitTest, TellsSoftAndHard) {
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit wanted = {.rlim_cur = 20, .rlim_max = 30};
    ::setrlimit(RLIMIT_NOFILE, &wanted);
    const auto limit = limit_on(Resource::kOpenFiles);
    ::_exit(limit && limit->soft == 20 && limit->hard == 30 ? 0 : 1);
  }
  EXPECT_EQ(wait_for_child(child).exit_code, 0);
}

TEST(ResourceLimitTest, NoLimitIsUnlimited) {
  rlimit limit = {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &limit), 0);
  if (limit.rlim_cur != RLIM_INFINITY) {
    GTEST_SKIP() << "these tests run with a limit on the size of files";
  }
  EXPECT_EQ(limit_on(Resource::kFileSize)->soft, kUnlimited);
}

}  // namespace
}  // namespace zc::os
