// What standard input is, for a command whose result is to be kept: whether anything can come from
// there, and from which file.
//
// Thread: any; replace_terminal_input is for a process with one thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "os/file_stamp.h"

namespace zc::os {

struct InputFile {
  std::string path;
  FileStamp stamp;
};

// Nothing can come any more: the null device, a file that has been read, or a pipe whose other end
// is closed.
bool is_standard_input_empty();

// The plain file that is read from its beginning. Nothing: it is something else.
std::optional<InputFile> standard_input_file();

// All that comes through a pipe whose other end is closed, which is waited for up to a second.
// Standard input is another such pipe afterwards, with the same in it. Nothing: it is something
// else, or more than `bytes_max`, and is as it was.
std::optional<std::string> take_piped_input(std::size_t bytes_max);

// How far it has been read, so that another run can read the same: of a file, or of what
// take_piped_input has taken.
class InputPlace {
 public:
  static InputPlace now();
  void restore() const;

 private:
  std::optional<std::int64_t> offset_;  // of a file
};

// Where it is a terminal, it becomes the null device: a command whose result may come from a cache
// cannot ask the user.
void replace_terminal_input();

}  // namespace zc::os
