// An answer: what is another thing in each process, for each user or on each machine, such as a
// random number. A program that requests one for its own working makes nothing of it that could be
// seen; late code may put it into the output. So kind G, or J when late code has requested it.
//
// Thread: any.
#pragma once

#include "observer/channel.h"
#include "observer/event.h"
#include "observer/late_code.h"

namespace zc::observer {

// `name` is the function.
inline void record_answer(const void* caller, const char* name) {
  record_name(is_late_code(caller) ? 'J' : 'G', name);
}
// Every program requests these when it starts, so they count for late code only.
inline void record_late_answer(const void* caller, const char* name) {
  if (is_late_code(caller)) {
    record_name('J', name);
  }
}
// Likewise, where the programs are known. An unknown one may make anything of them, and each
// process gets others.
inline void record_process_answer(const void* caller, const char* name) {
  if (is_late_code(caller) || unknown_since_ns() != 0) {
    record_answer(caller, name);
  }
}

}  // namespace zc::observer
