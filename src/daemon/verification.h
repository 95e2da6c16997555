// Verification: what the compiler would leave beside what a hit leaves, in a form that can be
// compared: exit code, both streams, and of each output its content and whether it is executable.
//
// Neither side holds bytes of files, only their digests, since outputs may be large.
//
// A file that is kept in place of an old one has the old one's mode, and so has no mode to compare.
// Neither have permissions beyond the owner's right to execute, which the umask decides in both
// cases.
//
// Thread: one per hit. Ownership: borrows compile and hit.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "codec/digest.h"
#include "engine/compile.h"
#include "os/fd.h"
#include "wire/message.h"

namespace zc::daemon {

// What a command left behind.
struct Effects {
  struct File {
    codec::Digest content;
    bool executable = false;
    bool operator==(const File&) const = default;
  };
  int exit_code = 0;
  std::string out;
  std::string err;
  std::vector<std::optional<File>> files;  // by the outputs of the order; nothing: not written
  bool operator==(const Effects&) const = default;
};

class Verification {
 public:
  Verification(const engine::CacheableCompile& compile, const engine::HitReply& hit);

  // What the client must do: run the command as the user called it, but for maps of paths that the
  // hit was made with. Borrows from this object and the compile.
  const wire::RunOrder& order() const { return order_; }

  // Of the hit. Nothing: a part of it cannot be read.
  std::optional<Effects> of_hit() const;

  // Of a run; `fds` are those of the report's frame. Nothing: the run is no evidence, since a
  // signal, a fault of the compiler or a want of the machine ended it, or it could not write.
  std::optional<Effects> of_run(const wire::RunReport& report,
                                const std::vector<os::Fd>& fds) const;

  // In words, one difference each: "a.o: other bytes".
  std::vector<std::string> differences(const Effects& of_hit, const Effects& of_run) const;

 private:
  // An output of the order: a file of the hit, or one that the hit lacks, which a run may leave as
  // it was before.
  struct Output {
    const wire::HitFile* file = nullptr;
    os::FileStamp before = {};
  };

  bool can_write() const;

  const engine::CacheableCompile& compile_;
  const engine::HitReply& hit_;
  std::vector<Output> outputs_;
  wire::RunOrder order_;
};

}  // namespace zc::daemon
