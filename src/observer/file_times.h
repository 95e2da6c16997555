// Times and numbers of files that the run itself has written: other ones in each run, so an unknown
// program that requests them has requested the time (kind C). Where the clock of the run is
// shifted, so are these.
//
// Thread: any; no state.
#pragma once

#include <sys/stat.h>

#include <cstdint>

namespace zc::observer {

// The beginning of struct statx (linux/stat.h), which not every C library has.
struct StatxTime {
  std::int64_t tv_sec;
  std::uint32_t tv_nsec;
  std::int32_t reserved;
};
struct StatxBeginning {
  std::uint32_t mask, block_bytes;
  std::uint64_t attributes;
  std::uint32_t names, user, group;
  std::uint16_t mode, reserved;
  std::uint64_t number, size_bytes, blocks, known_attributes;
  StatxTime accessed, born, changed, modified;
};

// What statx is to report, so that it can be seen whose file it is: kernels since 6.13 leave out
// the times that are not requested.
unsigned mask_with_times(unsigned mask);

// `result` is that of the call that has filled `out`; it is returned.
int with_times_of_run(int result, struct stat* out);
int with_times_of_run(int result, StatxBeginning* out);

}  // namespace zc::observer
