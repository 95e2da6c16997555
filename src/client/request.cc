#include "client/request.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>

#include "base/limits.h"
#include "base/path.h"
#include "base/str.h"
#include "client/callers_limits.h"
#include "os/clock.h"
#include "os/file_stamp.h"
#include "os/inherited.h"
#include "os/self.h"
#include "os/standard_input.h"
#include "os/terminal.h"
#include "os/world.h"
#include "wire/message.h"

namespace zc::client {

namespace {

Result<wire::FileId> id_of(const char* path) {
  os::FileStamp stamp;
  if (const int err = os::stamp_at(os::kHere, path, os::LastLink::kFollow, stamp); err != 0) {
    return fail_errno(err, path);
  }
  return wire::FileId{.dev = stamp.dev, .ino = stamp.ino};
}

// gcc breaks the lines of messages by the width of its standard input.
std::string terminal_of_messages() {
  return os::is_terminal(2) ? str_cat(os::columns_of(0), ' ', os::columns_of(2)) : std::string();
}

bool takes_failures() {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
  const std::string_view value = view_or_empty(std::getenv("ZCCACHE_CACHE_FAILURES"));
  return value.empty() || is_truthy(value);
}

// A compiler has its source there, unless the word is the value of an option.
bool names_standard_input(std::span<char* const> args) {
  constexpr std::array<std::string_view, 4> kWithValue = {"-o", "-MF", "-MT", "-MQ"};
  std::string_view before;
  for (const std::string_view arg : args) {
    if (arg == "-" && std::ranges::find(kWithValue, before) == kWithValue.end()) {
      return true;
    }
    before = arg;
  }
  return false;
}

// In its place, the compiler gets a pipe with the same.
std::optional<std::string> take_source(std::span<char* const> args) {
  return names_standard_input(args) ? os::take_piped_input(limits::kPipedInputBytesMax)
                                    : std::nullopt;
}

void describe(const Declaration& declared, wire::CompileRequest& request) {
  request.is_declared = true;
  for (const char* option : declared.options) {
    request.options.emplace_back(option);
  }
  request.input_list = declared.input_list;
  request.has_open_descriptors = !declared.open_descriptor.empty();
  request.open_descriptor = declared.open_descriptor;
}

}  // namespace

Result<std::string> make_request(const FoundCompiler& compiler, std::span<char* const> args,
                                 char* const* environment, std::string_view cwd,
                                 const Declaration* declared) {
  wire::CompileRequest request;
  // Before anything else: an input that changes from here on is newer than the start.
  request.start_ns = static_cast<std::uint64_t>(os::wall_ns());
  request.version = ZCCACHE_VERSION;
  const std::string tool = join_path(cwd, compiler.path);
  request.tool = tool;
  request.cwd = cwd;
  request.args.reserve(args.size() + 1);
  request.args.emplace_back(compiler.argv0);
  for (const char* arg : args) {
    request.args.emplace_back(arg);
  }
  for (char* const* variable = environment; *variable != nullptr; ++variable) {
    request.env.emplace_back(*variable);
  }
  TRY_ASSIGN(request.root_id, id_of("/"));
  TRY_ASSIGN(request.cwd_id, id_of("."));
  request.world = os::this_world();
  const TightLimit limit = find_tight_limit();
  request.tight_limit = limit.name;
  request.limits_files = limit.is_about_files;
  request.has_no_stdin = os::is_null_device(0);
  request.has_terminal = os::is_terminal(0) || os::is_terminal(1) || os::is_terminal(2);
  request.takes_failures = takes_failures();
  const std::string terminal = terminal_of_messages();
  request.terminal = terminal;
  request.umask = os::file_mode_mask();
  request.has_empty_stdin = request.has_no_stdin || os::is_standard_input_empty();
  std::string inherited;
  if (declared != nullptr) {
    describe(*declared, request);
    inherited = os::inherited_state();
  }
  request.inherited = inherited;
  std::optional<std::string> piped;
  if (!request.has_empty_stdin && declared == nullptr) {
    piped = take_source(args);
  }
  request.has_piped_input = piped && !piped->empty();
  request.has_empty_stdin |= piped && piped->empty();
  request.piped_input = piped ? std::string_view(*piped) : std::string_view();
  std::optional<os::InputFile> input;
  if (!request.has_empty_stdin && !piped) {
    input = os::standard_input_file();
  }
  if (input) {
    request.stdin_path = input->path;
    request.stdin_id = {.dev = input->stamp.dev, .ino = input->stamp.ino};
  }
  return wire::encode(request);
}

}  // namespace zc::client
