// SystemCallScan: what the system calls that the code of an object makes by itself may be for.
//
// Thread: any; no state.
#pragma once

#include "binary/object_code.h"
#include "binary/object_scan.h"

namespace zc::binary {

// kAny as well where it is not certain.
SystemCalls system_calls_of(const ObjectCode& object);

}  // namespace zc::binary
