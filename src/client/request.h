// Makes the compile request out of this process: argv, cwd, the environment, and the proof that the
// daemon sees the same world.
//
// Thread: the client has one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "client/find_compiler.h"

namespace zc::client {

// What `zccache exec` says besides, of any command.
struct Declaration {
  std::span<char* const> options;
  std::string input_list;       // of --input-file-stdin
  std::string open_descriptor;  // inherited_descriptor
};

// `args` are the compiler's arguments without argv[0]; `environment` is environ; `declared` may be
// null. Returns an encoded frame. Errors: kIo and kNotFound (no cwd), kInvalid (too large for a
// frame).
Result<std::string> make_request(const FoundCompiler& compiler, std::span<char* const> args,
                                 char* const* environment, std::string_view cwd,
                                 const Declaration* declared);

}  // namespace zc::client
