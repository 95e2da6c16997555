// Served programs: in a build under `zccache run`, a compiler, linker, archiver or linter that a
// process is about to start is handed to the client in its place, as if the build had called it
// behind us.
//
// ZCCACHE_RUN=<path of the client> makes a process such a one. What its programs get from us is
// decided here, by name; the client does the rest, and what it starts is free of all this.
//
// Thread: any, also between vfork and exec; begin_serving while the observer is loaded.
#pragma once

#include <cstddef>

namespace zc::observer {

// The variable, with its `=`.
inline constexpr const char kClientVariable[] = "ZCCACHE_RUN=";

// Takes the client's path from the environment; call it while the observer is loaded.
void begin_serving();

// Whether this process belongs to a build under `zccache run`.
bool is_serving();

enum class Service {
  kNone,       // a program like any other: started as it is; what it starts may be served
  kClient,     // handed to the client
  kLeftAlone,  // another cache: started as it is, and nothing that it starts is served
};
// Of the file at `path`, which may not be there.
Service service_for(const char* path);

// The words by which the client runs the program at `path` that is called with `argv`, which has
// one at least: how many, with the null pointer at their end; then the words, in as much room.
// Borrows all.
std::size_t count_client_words(char* const* argv);
void write_client_words(const char* path, char* const* argv, const char** words);
const char* client_path();

}  // namespace zc::observer
