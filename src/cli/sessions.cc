// zccache session-stats, session-end and release-handles: what has become of a session.
//
// Scripts end their sessions on the way out, also when a daemon is gone or of another build:
// session-end never fails for that.

#include <optional>
#include <string>
#include <string_view>

#include "base/path.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/request.h"
#include "cli/session_text.h"
#include "codec/json.h"
#include "os/self.h"
#include "os/terminal.h"
#include "wire/message.h"

namespace zc::cli {

namespace {

using codec::Json;

struct SubjectWords {
  std::string subject;  // an id, or a path
  bool as_json = false;
};

// `option`: the subject's; empty: it stands alone. Nothing: there is a mistake, and that has been
// printed.
std::optional<SubjectWords> read_subject(std::string_view command, std::string_view option,
                                         Args args) {
  SubjectWords out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view word = args[i];
    const bool has_value = i + 1 < args.size();
    if (word == "--json") {
      out.as_json = true;
    } else if (!option.empty() && word == option && has_value) {
      out.subject = args[++i];
    } else if (option.empty() && !word.starts_with('-') && out.subject.empty()) {
      out.subject = word;
    } else {
      (void)bad_argument(command, word);
      return std::nullopt;
    }
  }
  if (out.subject.empty()) {
    (void)refuse_with_usage(command);
    return std::nullopt;
  }
  return out;
}

Result<Json> ask(const lifecycle::Caller& caller, wire::Type type, std::string_view text) {
  TRY_ASSIGN(const std::string frame, wire::encode_text(type, caller.version, text));
  TRY_ASSIGN(const std::string reply,
             send_request(caller, frame, {}, wire::Type::kSessionReply, kSlowReplyMs));
  return Json::parse(reply);
}

// Anything but a no.
bool is_verbose(const lifecycle::Caller& caller) {
  const std::string_view value = trim(lifecycle::value_of(caller, "ZCCACHE_SUMMARY_VERBOSE"));
  return !value.empty() && value != "0" && value != "false" && value != "no";
}

void print_warnings(const lifecycle::Caller& caller, const Json& stats) {
  if (is_truthy(lifecycle::value_of(caller, "ZCCACHE_QUIET"))) {
    return;
  }
  for (const std::string& warning : session_warnings(stats, is_verbose(caller))) {
    const std::string text = str_cat("WARNING: ", warning);
    print_note(os::is_terminal(2) ? str_cat("\x1b[33m", text, "\x1b[0m") : text);
  }
}

void print_stats(const lifecycle::Caller& caller, const SubjectWords& words, const Json& stats) {
  const bool has_figures = stats.at("status").as_text() == "ok";
  if (words.as_json) {
    print_out(stats.dump() + '\n');
  } else if (has_figures) {
    print_note(session_text(stats));
  } else {
    print_note(
        str_cat("Session ", words.subject, ": no figures (", stats.at("reason").as_text(), ')'));
  }
  if (has_figures) {
    print_warnings(caller, stats);
  }
}

Json failure(const SubjectWords& words, std::string_view status, std::string_view member,
             std::string_view text) {
  Json out = Json::object();
  out.set("status", Json::text(status));
  out.set("session_id", Json::text(words.subject));
  out.set(member, Json::text(text));
  return out;
}

}  // namespace

int session_stats(const lifecycle::Caller& caller, Args args) {
  const std::optional<SubjectWords> words = read_subject("session-stats", {}, args);
  if (!words) {
    return kUsageError;
  }
  const Result<Json> stats = ask(caller, wire::Type::kSessionStats, words->subject);
  if (!stats) {
    const std::string& error = stats.error().message;
    if (words->as_json) {
      print_out(failure(*words, "error", "error", error).dump() + '\n');
    } else {
      print_note(str_cat("zccache session-stats: ", error));
    }
    return kFailed;
  }
  print_stats(caller, *words, *stats);
  return kDone;
}

int session_end(const lifecycle::Caller& caller, Args args) {
  const std::optional<SubjectWords> words = read_subject("session-end", {}, args);
  if (!words) {
    return kUsageError;
  }
  const Result<Json> stats = ask(caller, wire::Type::kSessionEnd, words->subject);
  if (!stats) {
    print_note(str_cat("zccache session-end: there is no session to end: ", stats.error().message));
    if (words->as_json) {
      print_out(failure(*words, "unavailable", "reason", "daemon_unreachable").dump() + '\n');
    }
    return kDone;
  }
  print_stats(caller, *words, *stats);
  return kDone;
}

int release_handles(const lifecycle::Caller& caller, Args args) {
  const std::optional<SubjectWords> words = read_subject("release-handles", "--path", args);
  if (!words) {
    return kUsageError;
  }
  const std::string path =
      without_dots(join_path(os::working_directory().value_or("/"), words->subject));
  const Result<Json> released = ask(caller, wire::Type::kReleaseHandles, path);
  if (released) {
    print_out(words->as_json
                  ? released->dump() + '\n'
                  : str_cat("sessions ended: ", released->at("sessions_dropped").as_u64(), '\n'));
    return kDone;
  }
  print_note(str_cat("zccache release-handles: ", released.error().message));
  return means_no_daemon(released.error()) ? kDone : kFailed;
}

}  // namespace zc::cli
