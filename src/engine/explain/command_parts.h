// The parts of a manifest key, for people: what is remembered of a command, so that the next time
// it can be said in what it differs.
//
// Thread: any; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/compile.h"
#include "history/change.h"
#include "store/store.h"

namespace zc::engine::explain {

using Part = store::KnownCommand::Part;  // its kind is a history::ChangeKind

// Each field of the key is in one part. Values of variables are digests, unless they are harmless.
std::vector<Part> parts_of(const CacheableCompile& compile);

// The whole environment in the same form, for commands that depend on it as a whole.
std::vector<Part> environment_of(const CacheableCompile& compile);

// Whether everybody may know the value of a variable: of those that compilers, the loader and the C
// library define.
bool is_harmless_variable(std::string_view name);

// In what two lists of parts differ, in the order of `after`. Words are compared as a sequence:
// one that stands where another was is its successor.
std::vector<history::Change> differences(const std::vector<Part>& before,
                                         const std::vector<Part>& after);

// Adds a change unless it is there; of two, the time is kept.
void add_once(history::Change change, std::vector<history::Change>& to);

}  // namespace zc::engine::explain
