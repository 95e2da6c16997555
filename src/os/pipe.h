// A pipe whose ends are closed on exec.
//
// Thread: any. Errors: kIo, when no more descriptors may be opened.
#pragma once

#include "base/result.h"
#include "os/fd.h"

namespace zc::os {

struct Pipe {
  Fd read;
  Fd write;
};

Result<Pipe> make_pipe();

}  // namespace zc::os
