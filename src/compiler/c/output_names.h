// The names gcc and clang give to their outputs: those that the command does not name itself.
//
// Measured with gcc 12, clang 14 and clang 19. An object called "x.o" has its side files beside it
// as "x.dwo"; one without an extension, "out", as "out.dwo". A name that is all extension, ".x", is
// ".x.dwo" for gcc and ".dwo" for clang.
//
// Thread: any; no state.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/c/family.h"

namespace zc::compiler::c {

// "dir/a.b.cc" -> "a.b" + suffix, in the working directory.
std::string default_output(std::string_view source, std::string_view suffix);

// A .dwo, .gcno or .su. `object` is empty when the command has no -o.
std::string side_output(Family family, std::string_view object, std::string_view source,
                        std::string_view suffix);

// The depfile of -MD without -MF. `object` is empty when the command has no -o.
std::string default_depfile(std::string_view object, std::string_view source);

// A -MT or -MQ of the command, in order.
struct NamedTarget {
  std::string text;
  bool quoted = false;
};

// The targets as the depfile will show them: quoted, in the order of the family. Without any named
// target, the object's.
std::vector<std::string> dependency_targets(Family family, const std::vector<NamedTarget>& named,
                                            std::string_view object, std::string_view source);

}  // namespace zc::compiler::c
