// DriverTest: the frontend of drivers, with a made-up file system and made-up tools in /bin. A
// command of the test runs in /w.
//
// Thread: one.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/command/command_fixture.h"
#include "engine/driver/compile.h"
#include "engine/driver/frontend.h"
#include "support/made_up_object.h"

namespace zc::engine::driver {

using Words = std::vector<std::string>;

class DriverTest : public command::FrontendTest<Frontend> {
 protected:
  DriverTest() {
    for (const char* path : {"/bin/ld", "/bin/ar", "/bin/strip", "/bin/gen"}) {
      fs_.write(path, test::harmless_object());
    }
    fs_.write("/w/a.o", "content");
    fs_.write("/w/b.o", "content");
    fs_.tick();
  }

  // The first word names the program.
  static command::TypedCommand typed(const Words& words) {
    return {.tool = "/bin/" + words[0],
            .args = words,
            .env = {"HOME=/home/me", "LANG=C", "ZCCACHE_LINKS=always"},
            .is_declared = false};
  }
  std::string refused(const Words& words) { return FrontendTest::refused(typed(words)); }
  codec::Digest key(const Words& words) { return FrontendTest::key(typed(words)); }
  std::string output(const Words& words) {
    const auto out = compile(typed(words));
    return out ? dynamic_cast<const Compile&>(*out).main_output : "";
  }
  void expect_other_key(const Words& words, const std::function<void()>& change) {
    const codec::Digest before = key(words);
    change();
    fs_.tick();
    EXPECT_NE(key(words), before);
  }
};

}  // namespace zc::engine::driver
