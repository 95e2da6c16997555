// What a process is: its program, and the objects that have been loaded into it.
//
// Objects that come later, through dlopen, are told with the next record and at the exit, not right
// after the call: dlopen searches on behalf of whoever called it, so it must be left to return
// straight to that caller.
//
// Thread: any. Between vfork and exec only tell_new_objects, which then does nothing.
#pragma once

namespace zc::observer {

// Records of kind H and L.
void describe_process();

// From now on, more objects may appear in this process.
void expect_new_objects();

// Records of kind L for those that have appeared, if they were expected.
void tell_new_objects();

// ... or if not: the C library loads some for itself.
void tell_all_objects();

}  // namespace zc::observer
