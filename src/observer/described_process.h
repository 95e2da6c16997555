// What a process is: its program, and the objects that it has loaded.
//
// The events of objects that come later, through dlopen, are written with the next event and at the
// exit, not right after the call: dlopen searches on behalf of its caller, so our function must
// jump to it rather than call it.
//
// Thread: any. Between vfork and exec only tell_new_objects, which then does nothing.
#pragma once

namespace zc::observer {

// Writes events of kind H and L.
void describe_process();

// From now on, this process may load more objects.
void expect_new_objects();

// Writes events of kind L for objects loaded since, if any were expected.
void tell_new_objects();

// The same if none were expected: the C library loads some for itself.
void tell_all_objects();

}  // namespace zc::observer
