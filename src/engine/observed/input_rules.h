// InputRules: what a frontend knows of the files and variables that its programs access, and of the
// questions that they put, and that reach no result. These are the rules of one that knows nothing.
//
// Thread: value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/observed/trace.h"

namespace zc::engine {

class InputRules {
 public:
  virtual ~InputRules() = default;
  // What the run saw there does not reach the result.
  virtual bool is_passed_over(const PathAccess& /*seen*/) const { return false; }
  // Likewise the times, the mode and the like that a program was told.
  virtual bool is_idle_look(const MetadataQuery& /*look*/) const { return false; }
  // The program makes nothing of the answer that could be seen in the result, though it differs in
  // each run.
  virtual bool is_idle_question(const Query& /*question*/) const { return false; }
  // The programs look for what they are about to write, and write the same whatever they find.
  virtual bool writes_over_anything() const { return false; }
  // The run has written there, and no other run reads it: a lock.
  virtual bool is_for_no_one(std::string_view /*path*/) const { return false; }
  // A variable of this name shapes no result, if the compiler itself reads it.
  virtual bool is_uncounted(std::string_view /*variable*/) const { return false; }
  // Who reads the environment as a whole, for InputKind::kEnvironment.
  virtual std::string_view environment_reader() const { return {}; }
  // A file of a program (by its index in Trace::programs) makes its system calls through the C
  // library, whatever a scan finds in it.
  virtual bool is_trusted(std::size_t /*program*/, std::string_view /*object*/) const {
    return false;
  }
  // Nobody has read the file before this, on the clock of file timestamps.
  virtual std::int64_t unread_ns(const PathAccess& seen) const { return seen.seen_ns; }
};

}  // namespace zc::engine
