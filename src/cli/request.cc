#include "cli/request.h"

#include <cerrno>
#include <cstdio>

#include "base/str.h"
#include "cli/command.h"
#include "lifecycle/connect.h"
#include "wire/message.h"

namespace zc::cli {

namespace {

int first_output_error = 0;

}  // namespace

Result<std::string> request(const lifecycle::Caller& caller, wire::Type type, wire::Type reply_type,
                            int timeout_ms, std::string_view content) {
  TRY_ASSIGN(const std::string frame, content.empty()
                                          ? wire::encode_plain(type, caller.version)
                                          : wire::encode_text(type, caller.version, content));
  return send_request(caller, frame, {}, reply_type, timeout_ms);
}

Result<std::string> send_request(const lifecycle::Caller& caller, std::string_view frame,
                                 std::span<const int> fds, wire::Type reply_type, int timeout_ms) {
  TRY_ASSIGN(wire::Connection connection, lifecycle::connect_daemon(caller.locations.endpoint));
  // From here on a daemon is there, so no failure may read as "no daemon".
  const auto broken = [](const Error& error) {
    const Code code = error.code == Code::kTimeout ? Code::kTimeout : Code::kCorrupt;
    return fail(code, str_cat("the daemon sent no usable reply: ", error.message));
  };
  if (const Result<> sent = connection.send(frame, fds, timeout_ms); !sent) {
    return broken(sent.error());
  }
  const Result<wire::Frame> reply = connection.receive(timeout_ms);
  if (!reply) {
    return broken(reply.error());
  }
  const std::optional<wire::Plain> plain = wire::decode_plain(reply->payload);
  if (plain && reply->type == wire::Type::kError) {
    return fail(Code::kCorrupt, std::string(plain->text));
  }
  if (!plain || reply->type != reply_type) {
    return fail(Code::kCorrupt, "the daemon sent an unexpected reply");
  }
  return std::string(plain->text);
}

void print_out(std::string_view text) {
  // What is longer than the buffer is written, or lost, at once.
  const bool is_taken = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if ((!is_taken || std::fflush(stdout) != 0) && first_output_error == 0 && errno != EPIPE) {
    first_output_error = errno;
  }
}

int output_error() {
  return first_output_error;
}

void print_note(std::string_view text) {
  const std::string line = str_cat(text, '\n');
  std::fwrite(line.data(), 1, line.size(), stderr);
}

int bad_argument(std::string_view command, std::string_view argument) {
  print_note(str_cat("zccache ", command, ": unknown argument '", argument, "'; try: zccache ",
                     command, " --help"));
  return kUsageError;
}

std::optional<bool> asks_for_json(std::string_view command, std::span<const char* const> args) {
  for (const char* arg : args) {
    if (std::string_view(arg) != "--json") {
      (void)bad_argument(command, arg);
      return std::nullopt;
    }
  }
  return !args.empty();
}

}  // namespace zc::cli
