#include "engine/rust/command.h"

#include "base/path.h"
#include "base/str.h"
#include "engine/observed/facts.h"

namespace zc::engine::rust {

namespace {

using compiler::Tool;

bool names_rustc(std::string_view word) {
  const auto detection = compiler::detect(word);
  return detection && detection->tool == Tool::kRustc;
}

// A word without a slash is looked up along PATH, as the wrapper that runs it will do.
std::string find_program(std::string_view word, const wire::CompileRequest& request,
                         const os::FileSystem& fs) {
  if (word.contains('/')) {
    return join_path(request.cwd, word);
  }
  const RequestEnvironment env(request.env);
  const PathRoots nowhere;
  return Facts(fs, env, std::string(request.cwd), nowhere, {}, {}).which(word);
}

}  // namespace

std::optional<Command> read_command(const wire::CompileRequest& request, const os::FileSystem& fs) {
  Command command;
  const auto detection = compiler::detect(request.tool);
  // A gcc whose first argument is a file called "rustc" is no wrapper of rustc.
  if (detection && !compiler::is_of_rust(detection->tool)) {
    return std::nullopt;
  }
  if (detection) {
    command.tool = detection->tool;
  }
  command.program = request.tool;
  command.words.assign(request.args.begin() + 1, request.args.end());
  const auto drop_word = [&] {
    command.words.erase(command.words.begin());
    ++command.words_at;
  };
  if (command.tool == Tool::kRustc) {
    command.compiler = command.program;
  } else {
    // clippy-driver and rustfmt load the compiler of the toolchain that they are installed with.
    command.compiler = str_cat(dir_name(command.program), "/rustc");
    if (!command.words.empty() && command.tool != Tool::kRustfmt &&
        names_rustc(command.words.front())) {
      command.compiler = find_program(command.words.front(), request, fs);
      drop_word();
    } else if (!command.tool) {
      return std::nullopt;
    }
  }
  // rustup takes the word off before rustc sees the others.
  if (!command.words.empty() && command.words.front().size() > 1 &&
      command.words.front().starts_with('+')) {
    command.chosen = command.words.front();
    drop_word();
  }
  return command;
}

}  // namespace zc::engine::rust
