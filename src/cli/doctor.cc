// zccache doctor: examines the set-up, check by check, and says what to do about what it finds.
// With --fix it mends what is ours to mend, and then examines that part again.

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "base/path.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/finding.h"
#include "cli/path_programs.h"
#include "cli/request.h"
#include "codec/json.h"

namespace zc::cli {

namespace {

constexpr std::array kChecks = {
    Check{"path", check_path},         Check{"caches", check_caches},
    Check{"settings", check_settings}, Check{"storage", check_storage},
    Check{"daemon", check_daemon},     Check{"kernel", check_kernel},
    Check{"observer", check_observer}, Check{"compile", check_compiles},
};

constexpr std::array<std::string_view, 3> kVerdictWords = {"ok", "warning", "problem"};

std::string_view word_of(Verdict verdict) {
  return kVerdictWords[static_cast<std::size_t>(verdict)];
}

struct Wishes {
  bool json = false;
  bool fix = false;
};

// Takes findings as they come: as lines at once, or as a document at the end.
class Report {
 public:
  explicit Report(bool as_json) : as_json_(as_json) {}

  void add(std::string_view check, const Finding& finding) {
    worst_ = std::max(worst_, finding.verdict);
    add(check, word_of(finding.verdict), finding.text, finding.remedy);
  }
  // What was wrong before --fix.
  void add_mended(std::string_view check, const Finding& finding) {
    add(check, "mended", finding.text, {});
  }

  int finish() const {
    if (as_json_) {
      codec::Json out = codec::Json::object();
      out.set("status", codec::Json::text(word_of(worst_)));
      out.set("findings", findings_);
      print_out(out.dump() + '\n');
    } else if (worst_ == Verdict::kOk) {
      print_out("Everything is as it should be.\n");
    }
    return worst_ == Verdict::kProblem ? kFailed : kDone;
  }

 private:
  void add(std::string_view check, std::string_view verdict, std::string_view text,
           std::string_view remedy) {
    if (as_json_) {
      codec::Json finding = codec::Json::object();
      finding.set("check", codec::Json::text(check));
      finding.set("verdict", codec::Json::text(verdict));
      finding.set("text", codec::Json::text(text));
      finding.set("remedy", codec::Json::text(remedy));
      findings_.append(std::move(finding));
      return;
    }
    constexpr std::size_t kVerdictWidth = 9;
    std::string line =
        str_cat(verdict, std::string(kVerdictWidth - verdict.size(), ' '), text, '\n');
    if (!remedy.empty()) {
      str_append(line, std::string(kVerdictWidth, ' '), "-> ", remedy, '\n');
    }
    print_out(line);
  }

  bool as_json_;
  Verdict worst_ = Verdict::kOk;
  codec::Json findings_ = codec::Json::array();
};

// Whether anything was mended. What cannot be mended shows in the findings that follow.
bool mend(std::string_view check, const FindingList& findings, Report& report) {
  bool is_any = false;
  for (const Finding& finding : findings) {
    if (finding.mend == nullptr) {
      continue;
    }
    if (const Result<> mended = finding.mend(); mended) {
      report.add_mended(check, finding);
      is_any = true;
    } else {
      print_note(str_cat("zccache doctor: cannot mend: ", mended.error().message));
    }
  }
  return is_any;
}

void run_check(const Check& check, const Setup& setup, bool fix, Report& report) {
  FindingList findings = check.run(setup);
  if (fix && mend(check.name, findings, report)) {
    findings = check.run(setup);
  }
  for (const Finding& finding : findings) {
    report.add(check.name, finding);
  }
}

}  // namespace

std::vector<std::string> environment_with(const Setup& setup, std::vector<std::string> variables) {
  const std::size_t given = variables.size();
  for (const char* const* entry = setup.caller.environment; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::string_view name = text.substr(0, text.find('='));
    const auto is_given = [&](std::string_view other) {
      return other.substr(0, other.find('=')) == name;
    };
    if (std::none_of(variables.begin(), variables.begin() + static_cast<std::ptrdiff_t>(given),
                     is_given)) {
      variables.emplace_back(text);
    }
  }
  return variables;
}

Finding is_ok(std::string text) {
  return {.verdict = Verdict::kOk, .text = std::move(text), .remedy = {}, .mend = nullptr};
}

Finding warning(std::string text, std::string remedy, std::function<Result<>()> mend) {
  return {.verdict = Verdict::kWarning,
          .text = std::move(text),
          .remedy = std::move(remedy),
          .mend = std::move(mend)};
}

Finding problem(std::string text, std::string remedy, std::function<Result<>()> mend) {
  return {.verdict = Verdict::kProblem,
          .text = std::move(text),
          .remedy = std::move(remedy),
          .mend = std::move(mend)};
}

int doctor(const lifecycle::Caller& caller, Args args) {
  Wishes wishes;
  for (const char* arg : args) {
    const std::string_view word = arg;
    if (word != "--json" && word != "--fix") {
      return bad_argument("doctor", word);
    }
    (word == "--json" ? wishes.json : wishes.fix) = true;
  }
  const char* const path = lifecycle::variable(caller.environment, "PATH");
  const std::string search_path(path == nullptr ? kDefaultSearchPath : std::string_view(path));
  const Setup setup = {
      .caller = caller, .search_path = search_path, .client = stable_client(search_path)};
  Report report(wishes.json);
  for (const Check& check : kChecks) {
    run_check(check, setup, wishes.fix, report);
  }
  return report.finish();
}

}  // namespace zc::cli
