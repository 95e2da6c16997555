// Random numbers: kinds G and J. Those in files of the kernel are known by their path.
#include "observer/random_numbers.h"

#include <sys/auxv.h>
#include <sys/types.h>

#include <cstdint>

#include "observer/answer.h"
#include "observer/interpose.h"

namespace zc::observer {

ZC_INTERPOSE(ssize_t, getrandom, void* out, std::size_t size, unsigned flags) {
  record_random(ZC_CALLER, size, flags);
  return ZC_NEXT(getrandom)(out, size, flags);
}
ZC_BEFORE(int, getentropy, (void* out, std::size_t size), (out, size), record_answer, ZC_CALLER,
          "getentropy")
ZC_BEFORE(std::uint32_t, arc4random, (), (), record_answer, ZC_CALLER, "arc4random")
ZC_BEFORE(std::uint32_t, arc4random_uniform, (std::uint32_t end), (end), record_answer, ZC_CALLER,
          "arc4random")
ZC_BEFORE(void, arc4random_buf, (void* out, std::size_t size), (out, size), record_answer,
          ZC_CALLER, "arc4random")
// The kernel gives each process 16 bytes.
ZC_INTERPOSE(unsigned long, getauxval, unsigned long type) {
  if (type == AT_RANDOM) {
    record_process_answer(ZC_CALLER, "getauxval");
  }
  return ZC_NEXT(getauxval)(type);
}

}  // namespace zc::observer
