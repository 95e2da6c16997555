// The environment of a compile that the observer watches: the user's, with two variables, by which
// the loader preloads the observer and the observer finds its channel
// (docs/formats/observation.md).
//
// Thread: the client has one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "os/program_file.h"

namespace zc::client {

class ObservedEnvironment {
 public:
  // `library` is the observer; `channel` the path of the channel. Borrows the variables of
  // `environment`.
  ObservedEnvironment(char* const* environment, std::string_view library, std::string_view channel);
  ObservedEnvironment(const ObservedEnvironment&) = delete;
  ObservedEnvironment& operator=(const ObservedEnvironment&) = delete;

  // As execve takes it.
  char* const* variables() const { return variables_.data(); }

 private:
  std::string preload_;
  std::string channel_;
  std::vector<char*> variables_;
};

// The observer for a program of this kind, which lies beside the program that we are; empty when it
// is not there, or when there can be none for such a program. The dynamic linker takes a path with
// a blank or a colon for several: such an observer gets a link in `state_directory`, which stays,
// because what the compile has started may outlive us and start more. Empty also if that
// directory's path is no better, or if another user could exchange what is in it.
std::string find_observer(os::Preload kind, std::string_view state_directory);
// The same beside another program.
std::string find_observer(os::Preload kind, std::string_view program,
                          std::string_view state_directory);

}  // namespace zc::client
