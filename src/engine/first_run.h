// FirstRun: what a run has left that does not count yet. It got answers that differ in each run,
// such as the time; another run, which gets others, must leave the same.
//
// Thread: value.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "codec/digest.h"
#include "compiler/bypass.h"
#include "store/store.h"

namespace zc::engine {

struct FirstRun {
  codec::Digest result;  // its key
  store::ResultRecord record;
  // Its outputs, by what of them the next run must leave the same.
  std::vector<store::Output> compared;
  std::string doubt;                     // the first, for people
  std::vector<std::string> added_words;  // to the command, in the next run
  std::optional<std::string> depfile;    // its text; of a command that has one
  // What the next run must not find, absolute: a directory comes after what is in it.
  std::vector<std::string> cleared;
};

// Nothing: the result is stored. Else it will be if the next run leaves the same.
using StoredOrFirst = compiler::OrBypass<std::optional<FirstRun>>;

}  // namespace zc::engine
