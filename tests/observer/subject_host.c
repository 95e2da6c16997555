// A library that is busy before main, and that loads another one from a directory only it knows.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int early;

// Runs before the constructors of a preloaded library: those come after all others'.
__attribute__((constructor)) static void look_around(void) {
  early = getenv("SUBJECT_EARLY") == NULL && access("/looked/at/early", R_OK) != 0;
}

int host_was_early(void) {
  return early;
}

void* host_loads_guest(void) {
  return dlopen("libsubject_guest.so", RTLD_NOW);
}
