// Early objects: what the loader had loaded when the observer was, in the order in which it looks
// for symbols: the program, the observer, what the user preloads, libraries.
//
// The observer looks for the originals of its functions in the symbol tables of these objects by
// itself. The loader's own dlsym takes a lock, so it must not be called between vfork and exec, and
// is not in every C library.
//
// Thread: any; also between vfork and exec, if the object is in the list. Nothing is written after
// note_early_objects. Ownership: borrows what belongs to the loader, which never unloads them.
#pragma once

namespace zc::observer {

// Call it first while the observer is loaded, before anything else can be loaded; further calls do
// nothing.
void note_early_objects();

// Whether the code at `address` is in one of them. Before there is a list, all code is.
bool is_in_early_object(const void* address);

// The first definition of a function behind the observer, as RTLD_NEXT; null: there is none. If no
// early object has it, also in those that were loaded later.
void* next_definition(const char* name);

// The path by which the loader knows the observer; null: it is not in the list.
const char* own_path();

// Whether the code at `address` belongs to the C library, in however many files it comes.
bool is_in_c_library(const void* address);

}  // namespace zc::observer
