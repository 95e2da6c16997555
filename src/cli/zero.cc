// zccache zero: sets the figures of the cache to zero, through the daemon if one runs, otherwise in
// their file. What is cached stays.

#include <string>
#include <string_view>

#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "history/statistics.h"

namespace zc::cli {

namespace {

// The daemon waits for results that are being stored, and for the disk.
constexpr int kZeroReplyMs = 30'000;

int zero_file(const lifecycle::Caller& caller, bool days_too) {
  history::Statistics statistics(caller.locations.statistics(), {},
                                 [](const std::string& text) { print_note(text); });
  statistics.zero(days_too);
  const Result<> saved = statistics.save();
  // Without a cache there is nothing to set to zero.
  if (!saved && saved.error().code != Code::kNotFound) {
    print_note(str_cat("failed to set the figures to zero: ", saved.error().message));
    return kFailed;
  }
  return kDone;
}

}  // namespace

int zero(const lifecycle::Caller& caller, Args args) {
  bool days_too = false;
  for (const std::string_view word : args) {
    if (word != "--all") {
      return bad_argument("zero", word);
    }
    days_too = true;
  }
  const Result<std::string> done =
      request(caller, wire::Type::kZero, wire::Type::kZeroReply, kZeroReplyMs,
              days_too ? std::string_view("all") : std::string_view());
  if (!done && !means_no_daemon(done.error())) {
    print_note(str_cat("failed to set the figures to zero: ", done.error().message));
    return kFailed;
  }
  const int code = done ? kDone : zero_file(caller, days_too);
  if (code == kDone) {
    print_out(days_too ? "Figures set to zero.\n"
                       : "Figures set to zero; those of each day stay (--all takes them, too).\n");
  }
  return code;
}

}  // namespace zc::cli
