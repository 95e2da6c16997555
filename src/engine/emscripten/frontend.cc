#include "engine/emscripten/frontend.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/path.h"
#include "compiler/detect.h"
#include "compiler/response_file.h"
#include "engine/command/key.h"

namespace zc::engine::emscripten {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// With these, Emscripten shows and keeps the times that its steps have taken.
constexpr std::array<std::string_view, 4> kDebugVariables = {"EMCC_DEBUG", "EMCC_DEBUG_SAVE",
                                                             "EMPROFILE", "EM_PROFILE_TOOLCHAIN"};

// Words for the compiler that are in this variable come before those of the command.
constexpr std::string_view kFurtherWords = "EMCC_CFLAGS";

// Takes in a file of any name that has the times of headers in it.
constexpr std::string_view kPrecompiledHeader = "-include-pch";

OrBypass<> check_environment(const RequestEnvironment& env) {
  for (const std::string_view name : kDebugVariables) {
    if (const std::string_view value = env.get(name); !value.empty() && value != "0") {
      return bypass(Reason::kUnsupportedEnvironmentVariable, std::string(name));
    }
  }
  return {};
}

// Of the command, of the variable, and of response files that either names.
OrBypass<std::vector<std::string>> read_words(const os::FileSystem& fs,
                                              const wire::CompileRequest& request,
                                              const Compile& compile) {
  std::vector<std::string> words(request.args.begin() + 1, request.args.end());
  const auto further = compiler::split_response_file(compile.env.get(kFurtherWords));
  if (!further) {
    return bypass(Reason::kUnsupportedEnvironmentVariable, std::string(kFurtherWords));
  }
  words.insert(words.end(), further->begin(), further->end());
  const auto read = [&](std::string_view path) -> std::optional<std::string> {
    const auto text = fs.read(compile.directory.handle(), std::string(path).c_str(),
                              limits::kArgumentFileBytesMax);
    return text ? std::optional(text->bytes) : std::nullopt;
  };
  return compiler::expand_response_files(words, read);
}

OrBypass<> check_words(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    if (word == "-") {
      return bypass(Reason::kStandardInput, word);
    }
    if (word == kPrecompiledHeader) {
      return bypass(Reason::kUnsupportedCompilerOption, word);
    }
    if (word == "-E") {
      return bypass(Reason::kCalledForPreprocessing, word);
    }
  }
  return {};
}

// The objects of compiles without a name for them are in the working directory.
std::vector<std::string> outputs_named(const std::vector<std::string>& words) {
  constexpr std::array<std::string_view, 2> kOptions = {"-o", "-MF"};
  std::vector<std::string> out = {"a.out.js"};
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (const std::string_view option : kOptions) {
      if (words[i] == option && i + 1 < words.size()) {
        out.push_back(words[i + 1]);
      } else if (words[i].starts_with(option)) {
        out.push_back(words[i].substr(option.size()));
      }
    }
  }
  return out;
}

// Of the archiver: a script may come from standard input, and times may be compared or kept. A run
// shows none of these.
OrBypass<> check_operation(const wire::CompileRequest& request) {
  constexpr std::string_view kUnseen = "MUou";
  const bool is_archiver = base_name(request.tool) == "emar" && request.args.size() > 1;
  const std::string_view operation = is_archiver ? request.args[1] : std::string_view();
  return operation.find_first_of(kUnseen) == std::string_view::npos
             ? OrBypass<>()
             : bypass(Reason::kUnsupportedCompilerOption, std::string(operation));
}

}  // namespace

Frontend::Frontend(const Dependencies& dependencies)
    : ours_(dependencies), drivers_(dependencies), scans_(dependencies.fs, dependencies.files) {}

std::optional<CompileOrBypass> Frontend::claim(const wire::CompileRequest& request) {
  const auto detection = compiler::detect(request.tool);
  if (!detection || detection->tool != compiler::Tool::kEmscripten) {
    return std::nullopt;
  }
  auto compile = std::make_unique<Compile>(ours_, drivers_, scans_, request);
  compile->inherits_unknown = true;
  return understand(request, std::move(compile));
}

// A compile by words that have clang write no directory; one that its table does not know may. The
// names of outputs are in the key.
bool Frontend::is_shared(const wire::CompileRequest& request, const Compile& compile) const {
  constexpr std::string_view kCxxDriver = "em++";
  if (!compile.env.get(kFurtherWords).empty()) {
    return false;
  }
  const auto invocation = drivers_.read_as(compiler::c::Family::kClang, request,
                                           base_name(request.tool) == kCxxDriver, compile);
  return invocation && !invocation->cwd_leaks;
}

CompileOrBypass Frontend::understand(const wire::CompileRequest& request,
                                     std::unique_ptr<Compile> compile) {
  compile->source = base_name(request.tool);
  TRY(enter_world(ours_, request, *compile));
  TRY(check_environment(compile->env));
  TRY_ASSIGN(const std::vector<std::string> words, read_words(ours_.fs, request, *compile));
  TRY(check_words(words));
  compile->named_outputs = outputs_named(words);
  TRY(check_operation(request));
  if (is_shared(request, *compile)) {
    compile->options.keeps_cwd = false;
    compile->roots.keep_relative(compile->cwd);
  }
  TRY_ASSIGN(codec::Key key, command::key_of("zccache-emscripten-1", ours_, *compile, request));
  compile->set_key(std::move(key));
  return compile;
}

}  // namespace zc::engine::emscripten
