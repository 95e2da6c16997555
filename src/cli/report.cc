// zccache report: a build as a page, a summary, a trace or compile_commands.json. It reads the
// journal, so it needs no daemon; one that runs is asked to write down what it still has in memory.

#include "cli/report.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/journal_request.h"
#include "cli/option_words.h"
#include "cli/point_in_time.h"
#include "cli/progress.h"
#include "cli/request.h"
#include "history/build_reader.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/self.h"

namespace zc::cli {

namespace {

using history::Build;

enum class Format : std::uint8_t { kHtml, kTrace, kMarkdown, kCompileCommands };
constexpr std::array<std::string_view, 4> kFormats = {"html", "trace", "markdown",
                                                      "compile-commands"};

struct WantedReport {
  std::string session;
  std::optional<std::int64_t> since_ns;
  bool last_build = false;
  std::string output;  // a file; empty: standard output
  std::optional<Format> format;

  bool names_a_build() const { return !session.empty() || since_ns || last_build; }
};

int refuse(std::string_view message) {
  print_note(str_cat("zccache report: ", message));
  return kUsageError;
}

std::optional<Format> format_of(std::string_view word) {
  const auto* const found = std::ranges::find(kFormats, word);
  return found == kFormats.end() ? std::nullopt
                                 : std::optional(static_cast<Format>(found - kFormats.begin()));
}

// By the name of the output, if no format was given.
Format format_for(std::string_view output) {
  const std::string_view name = base_name(output);
  return name == "compile_commands.json" ? Format::kCompileCommands
         : name.ends_with(".json")       ? Format::kTrace
         : name.ends_with(".md")         ? Format::kMarkdown
                                         : Format::kHtml;
}

// False: there is a mistake, and that has been printed.
bool take_option(OptionWords& words, WantedReport& out) {
  if (words.is("--last-build")) {
    out.last_build = true;
  } else if (const auto session = words.value_of("--session")) {
    out.session = *session;
  } else if (const auto output = words.value_of("-o", "--output")) {
    out.output = *output;
  } else if (const auto format = words.value_of("--format")) {
    out.format = format_of(*format);
    if (!out.format) {
      (void)refuse(str_cat("there is no format '", *format,
                           "', only html, trace, markdown and compile-commands"));
      return false;
    }
  } else if (const auto since = words.value_of("--since")) {
    out.since_ns = point_in_time(*since, os::wall_ns());
    if (!out.since_ns) {
      (void)refuse(str_cat("'", *since, "' is no time; say 90m, 2h, 3d or 2026-01-31T12:00Z"));
      return false;
    }
  } else {
    (void)bad_argument("report", words.word());
    return false;
  }
  return true;
}

std::optional<WantedReport> wanted_report(Args args) {
  WantedReport out;
  for (OptionWords words(args); words.next();) {
    if (!take_option(words, out)) {
      return std::nullopt;
    }
  }
  const int named =
      (out.session.empty() ? 0 : 1) + (out.since_ns ? 1 : 0) + (out.last_build ? 1 : 0);
  if (named > 1) {
    (void)refuse("--session, --since and --last-build exclude each other");
    return std::nullopt;
  }
  return out;
}

std::optional<Build> find_build(const WantedReport& wanted, const std::string& logs,
                                const history::OnRecord& on_record) {
  if (!wanted.session.empty()) {
    return history::build_of_session(logs, wanted.session, on_record);
  }
  if (wanted.since_ns) {
    return history::commands_since(logs, *wanted.since_ns, on_record);
  }
  std::vector<Build> last = history::last_builds(logs, 1, on_record);
  return last.empty() ? std::nullopt : std::optional(std::move(last.front()));
}

// What compile_commands.json is about: the sources that are still there. Without a build that was
// asked for, all commands that ran in or below this directory, since a build may run but a few.
std::optional<Build> commands_of_project(const WantedReport& wanted, const std::string& logs,
                                         const history::OnRecord& on_record) {
  std::optional<Build> out = wanted.names_a_build() ? find_build(wanted, logs, on_record)
                                                    : history::commands_since(logs, 0, on_record);
  if (out) {
    const std::string here = os::working_directory().value_or("/");
    std::erase_if(out->commands, [&](const history::CommandRecord& record) {
      std::error_code error;
      const bool is_here = wanted.names_a_build() || record.cwd == here || here == "/" ||
                           record.cwd.starts_with(here + '/');
      return !is_here || !std::filesystem::exists(join_path(record.cwd, record.source), error);
    });
  }
  return out && !out->commands.empty() ? std::move(out) : std::nullopt;
}

std::string text_of(Format format, const Report& report) {
  switch (format) {
    case Format::kHtml:
      return report_page(report);
    case Format::kTrace:
      return report_trace(report.build);
    case Format::kMarkdown:
      return report_markdown(report);
    case Format::kCompileCommands:
      break;
  }
  return report_compile_commands(report.build);
}

// Nothing: there is no such build.
std::optional<std::string> make_report(const lifecycle::Caller& caller, const WantedReport& wanted,
                                       Format format) {
  Progress progress("reading the journal", "commands");
  const auto on_record = [&] { progress.count(); };
  const std::string logs = caller.locations.logs();
  std::optional<Build> build = format == Format::kCompileCommands
                                   ? commands_of_project(wanted, logs, on_record)
                                   : find_build(wanted, logs, on_record);
  if (!build) {
    return std::nullopt;
  }
  std::optional<Build> before;
  if (format == Format::kHtml || format == Format::kMarkdown) {
    before = history::build_before(logs, *build, on_record);
  }
  return text_of(format, {.build = *std::move(build),
                          .before = std::move(before),
                          .version = std::string(caller.version)});
}

}  // namespace

int report(const lifecycle::Caller& caller, Args args) {
  const std::optional<WantedReport> wanted = wanted_report(args);
  if (!wanted) {
    return kUsageError;
  }
  request_journal(caller);
  const Format format = wanted->format.value_or(format_for(wanted->output));
  const std::optional<std::string> text = make_report(caller, *wanted, format);
  if (!text) {
    print_note(str_cat("zccache report: no such build is known; the journal in ",
                       caller.locations.logs(), " keeps the last commands."));
    return kFailed;
  }
  if (wanted->output.empty() || wanted->output == "-") {
    print_out(*text);
    return kDone;
  }
  constexpr std::uint32_t kMode = 0644;
  if (const Result<> written = os::replace_file(wanted->output, *text, kMode); !written) {
    print_note(str_cat("zccache report: ", written.error().message));
    return kFailed;
  }
  print_note(str_cat("written to ", wanted->output));
  return kDone;
}

}  // namespace zc::cli
