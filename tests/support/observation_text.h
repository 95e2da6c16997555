// ObservationText: what the observer would have written (docs/formats/observation.md), for tests of
// those who read it.
//
//   ObservationText seen;
//   seen.add('H', "/bin/rustc").add('R', "/w/a.rs").by(2).add('R', "/w/b.rs", ENOENT);
//
// Thread: value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/str.h"

namespace zc::test {

class ObservationText {
 public:
  // Of the records that follow; process 1 and the beginning of time at first.
  ObservationText& by(std::uint32_t pid) {
    pid_ = pid;
    return *this;
  }
  ObservationText& at(std::int64_t time_ns) {
    time_ms_ = time_ns / 1'000'000;
    return *this;
  }

  ObservationText& add(char kind, std::string_view bytes, int error = 0) {
    str_append(text_, kind, pid_, ' ', error, ' ', time_ms_, ' ', bytes, '\0');
    return *this;
  }

  const std::string& text() const { return text_; }

 private:
  std::uint32_t pid_ = 1;
  std::int64_t time_ms_ = 0;
  std::string text_;
};

}  // namespace zc::test
