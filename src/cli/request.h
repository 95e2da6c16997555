// One request to the daemon and its reply; and printing.
//
// Thread: main.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "lifecycle/caller.h"
#include "wire/frame.h"

namespace zc::cli {

// Sends a frame of type `type` with `content` and returns the text of the reply. Errors:
// kNotFound and kUnavailable: no daemon runs; kTimeout; kCorrupt: the reply is not of type
// `reply_type`, with the daemon's own message if it sent one; kIo.
Result<std::string> request(const lifecycle::Caller& caller, wire::Type type, wire::Type reply_type,
                            int timeout_ms, std::string_view content = {});

// For replies before which the daemon waits for commands that are about to end, and for its disk.
inline constexpr int kSlowReplyMs = 30'000;

// The same of a whole frame with descriptors.
Result<std::string> send_request(const lifecycle::Caller& caller, std::string_view frame,
                                 std::span<const int> fds, wire::Type reply_type, int timeout_ms);

// Whether an error of `request` means that no daemon runs.
inline bool means_no_daemon(const Error& error) {
  return error.code == Code::kNotFound || error.code == Code::kUnavailable;
}

// To standard output, as it is, and at once. A reader that has gone is no failure.
void print_out(std::string_view text);
int output_error();                      // the errno value of the first time that this failed, or 0
void print_note(std::string_view text);  // to standard error, with a newline

// Prints that `command` takes no such argument; returns kUsageError.
int bad_argument(std::string_view command, std::string_view argument);

// For a command that takes --json and nothing else: whether it is there. Nothing: there is another
// argument, and that has been printed.
std::optional<bool> asks_for_json(std::string_view command, std::span<const char* const> args);

}  // namespace zc::cli
