#include "history/command_record.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/path.h"
#include "base/str.h"
#include "codec/json.h"
#include "codec/utc_text.h"
#include "wire/message.h"

namespace zc::history {

namespace {

constexpr std::array<std::string_view, 6> kOutcomes = {"hit",          "miss",     "error",
                                                       "cached_error", "link_hit", "link_miss"};
constexpr std::array<std::string_view, 3> kCompared = {"nothing", "last", "nearest"};
constexpr std::string_view kSessionVariable = "ZCCACHE_SESSION_ID=";

template <class Words>
std::optional<std::size_t> index_of(const Words& words, std::string_view word) {
  const auto* const found = std::ranges::find(words, word);
  return found == words.end() ? std::nullopt
                              : std::optional(static_cast<std::size_t>(found - words.begin()));
}

// Appends members to one object. By hand: a library's document takes longer than a hit may.
class Line {
 public:
  void text(std::string_view name, std::string_view value) {
    begin(name);
    quote(value);
  }
  void optional_text(std::string_view name, std::string_view value) {
    if (!value.empty()) {
      text(name, value);
    }
  }
  template <class Number>
  void number(std::string_view name, Number value) {
    begin(name);
    str_append(out_, value);
  }
  template <class Number>
  void optional_number(std::string_view name, Number value) {
    if (value != 0) {
      number(name, value);
    }
  }
  void null(std::string_view name) {
    begin(name);
    out_ += "null";
  }
  void texts(std::string_view name, const std::vector<std::string>& values) {
    begin(name);
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      out_ += i == 0 ? "" : ",";
      quote(values[i]);
    }
    out_ += ']';
  }
  void object(std::string_view name, Line value) {
    begin(name);
    out_ += value.finish();
  }
  void objects(std::string_view name, std::vector<Line> values) {
    begin(name);
    out_ += '[';
    for (std::size_t i = 0; i < values.size(); ++i) {
      str_append(out_, i == 0 ? "" : ",", values[i].finish());
    }
    out_ += ']';
  }
  std::string finish() { return out_ + '}'; }

 private:
  void begin(std::string_view name) {
    str_append(out_, out_.size() == 1 ? "\"" : ",\"", name, "\":");
  }
  void quote(std::string_view value) { str_append(out_, '"', json_escape(value), '"'); }

  std::string out_ = "{";
};

Line line_of(const Change& change) {
  Line out;
  out.text("kind", id_of(change.kind));
  out.optional_text("name", change.name);
  if (change.before) {
    out.text("before", *change.before);
  }
  if (change.after) {
    out.text("after", *change.after);
  }
  out.optional_number("changed_ns", change.changed_ns);
  return out;
}

Line line_of(const Explanation& why) {
  Line out;
  out.text("compared", kCompared.at(static_cast<std::size_t>(why.compared)));
  out.optional_text("place", why.place);
  out.optional_number("seen_ns", why.seen_ns);
  out.optional_text("reason", why.reason);
  std::vector<Line> changes;
  for (const Change& change : why.changes) {
    changes.push_back(line_of(change));
  }
  out.objects("changes", std::move(changes));
  return out;
}

// Of words that nobody has understood: the value of -o, or the last word that looks like the name
// of a file.
std::string_view file_in(const std::vector<std::string>& args) {
  std::string_view out;
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string_view word = args[i];
    if (word == "-o" && i + 1 < args.size()) {
      return args[i + 1];
    }
    if (!word.starts_with('-') && !word.starts_with('@') && base_name(word).contains('.')) {
      out = word;
    }
  }
  return out;
}

Line line_of(const Phases& phases) {
  Line out;
  out.number("hash_inputs", phases.claim_ns);
  out.number("lookup", phases.lookup_ns);
  out.number("reply", phases.reply_ns);
  out.number("store", phases.store_ns);
  return out;
}

Phases phases_in(const codec::Json& from) {
  return {.claim_ns = from.at("hash_inputs").as_u64(),
          .lookup_ns = from.at("lookup").as_u64(),
          .reply_ns = from.at("reply").as_u64(),
          .store_ns = from.at("store").as_u64()};
}

std::int64_t signed_at(const codec::Json& from, std::string_view name) {
  return static_cast<std::int64_t>(from.at(name).as_u64());
}

std::vector<std::string> texts_at(const codec::Json& from, std::string_view name) {
  std::vector<std::string> out;
  for (const codec::Json& element : from.at(name).elements()) {
    out.push_back(element.as_text());
  }
  return out;
}

std::optional<std::string> optional_text_at(const codec::Json& from, std::string_view name) {
  const codec::Json value = from.at(name);
  return value.is_null() ? std::nullopt : std::optional(value.as_text());
}

Explanation explanation_in(const codec::Json& from) {
  Explanation out;
  const auto compared = index_of(kCompared, from.at("compared").as_text());
  out.compared = static_cast<Compared>(compared.value_or(0));
  out.place = from.at("place").as_text();
  out.seen_ns = signed_at(from, "seen_ns");
  out.reason = from.at("reason").as_text();
  for (const codec::Json& change : from.at("changes").elements()) {
    out.changes.push_back(
        {.kind = kind_of(change.at("kind").as_text()).value_or(ChangeKind::kOther),
         .name = change.at("name").as_text(),
         .before = optional_text_at(change, "before"),
         .after = optional_text_at(change, "after"),
         .changed_ns = signed_at(change, "changed_ns")});
  }
  return out;
}

}  // namespace

std::string_view text_of(Outcome outcome) {
  return kOutcomes.at(static_cast<std::size_t>(outcome));
}

std::string_view CommandRecord::miss_reason() const {
  if (outcome != Outcome::kMiss && outcome != Outcome::kLinkMiss) {
    return {};
  }
  if (was_left_alone()) {
    return "uncacheable_input";
  }
  if (!why) {
    return "unknown";
  }
  if (why->compared != Compared::kLast) {
    return "context_not_found";
  }
  return why->changes.empty() ? "no_artifact_for_key" : "input_fingerprint_mismatch";
}

std::uint64_t duration_ns(const CommandRecord& record) {
  return record.latency_ns + (record.was_left_alone() ? record.compiler_ns : 0);
}

bool has_subject(const CommandRecord& record) {
  return !record.outputs.empty() || !record.source.empty();
}

std::string subject_of(const CommandRecord& record) {
  const std::string_view name = !record.outputs.empty()  ? record.outputs.front()
                                : !record.source.empty() ? record.source
                                                         : file_in(record.args);
  return name.empty() ? record.compiler : without_dots(join_path(record.cwd, name));
}

std::string cause_of(const CommandRecord& record) {
  if (!record.reason.empty()) {
    return record.detail.empty() ? record.reason : str_cat(record.reason, ' ', record.detail);
  }
  if (!record.why) {
    return {};
  }
  if (!record.why->changes.empty()) {
    const std::size_t more = record.why->changes.size() - 1;
    return str_cat(text_of(record.why->changes.front()),
                   more == 0 ? std::string() : str_cat(" (and ", more, " more)"));
  }
  return record.why->compared == Compared::kNothing ? std::string("first time")
                                                    : record.why->reason;
}

std::string_view session_of(const wire::CompileRequest& request) {
  const auto session = std::ranges::find_if(
      request.env, [](ByteView variable) { return variable.starts_with(kSessionVariable); });
  return session == request.env.end() ? std::string_view()
                                      : session->substr(kSessionVariable.size());
}

void fill_from_request(std::string_view request, CommandRecord& record) {
  const auto decoded = wire::decode_compile(request);
  if (!decoded) {
    return;
  }
  record.compiler = decoded->tool;
  record.cwd = decoded->cwd;
  if (record.args.empty() && !decoded->args.empty()) {
    record.args.assign(decoded->args.begin() + 1, decoded->args.end());
  }
  record.session_id = session_of(*decoded);
}

std::string summary_of(const CommandRecord& record) {
  std::string out = str_cat(text_of(record.outcome), ' ', subject_of(record));
  if (const std::string cause = cause_of(record); !cause.empty()) {
    str_append(out, ": ", cause);
  }
  if (!record.result.empty()) {
    str_append(out, "; result ", record.result);
  }
  return out;
}

std::string encode(const CommandRecord& record) {
  Line out;
  out.text("ts", codec::utc_text(record.start_ns));
  out.text("outcome", text_of(record.outcome));
  out.text("compiler", record.compiler);
  out.texts("args", record.args);
  out.text("cwd", record.cwd);
  if (record.exit_code) {
    out.number("exit_code", *record.exit_code);
  } else {
    out.null("exit_code");
  }
  if (record.session_id.empty()) {
    out.null("session_id");
  } else {
    out.text("session_id", record.session_id);
  }
  out.number("latency_ns", record.latency_ns);
  out.optional_text("miss_reason", record.miss_reason());
  out.number("start_ns", record.start_ns);
  out.number("client_pid", record.client_pid);
  out.optional_text("source", record.source);
  out.texts("outputs", record.outputs);
  out.optional_text("result", record.result);
  out.optional_number("stored_ns", record.stored_ns);
  out.optional_number("compiler_ns", record.compiler_ns);
  out.optional_number("output_bytes", record.output_bytes);
  out.optional_number("verified", record.is_verified ? 1 : 0);
  out.optional_number("missing_room_bytes", record.missing_room_bytes);
  out.optional_number("needed_room_bytes", record.needed_room_bytes);
  out.optional_text("reason", record.reason);
  out.optional_text("detail", record.detail);
  if (record.why) {
    out.object("why", line_of(*record.why));
  }
  out.optional_text("crate_name", record.crate_name);
  out.optional_text("crate_type", record.crate_type);
  out.optional_text("output_ext", record.output_ext);
  if (record.phases) {
    out.object("self_profile_ns", line_of(*record.phases));
  }
  return out.finish();
}

Result<CommandRecord> decode(std::string_view line) {
  TRY_ASSIGN(const codec::Json json, codec::Json::parse(line));
  const auto outcome = index_of(kOutcomes, json.at("outcome").as_text());
  if (!outcome || json.at("compiler").as_text().empty() || !json.at("args").is_array()) {
    return fail(Code::kCorrupt, "the line is no record of a command");
  }
  CommandRecord out;
  out.start_ns = signed_at(json, "start_ns");
  out.latency_ns = json.at("latency_ns").as_u64();
  out.outcome = static_cast<Outcome>(*outcome);
  out.compiler = json.at("compiler").as_text();
  out.args = texts_at(json, "args");
  out.cwd = json.at("cwd").as_text();
  out.source = json.at("source").as_text();
  out.outputs = texts_at(json, "outputs");
  if (const codec::Json code = json.at("exit_code"); !code.is_null()) {
    out.exit_code = static_cast<int>(code.as_u64());
  }
  out.session_id = json.at("session_id").as_text();
  out.client_pid = signed_at(json, "client_pid");
  out.result = json.at("result").as_text();
  out.stored_ns = signed_at(json, "stored_ns");
  out.compiler_ns = json.at("compiler_ns").as_u64();
  out.output_bytes = json.at("output_bytes").as_u64();
  out.is_verified = json.at("verified").as_u64() != 0;
  out.missing_room_bytes = json.at("missing_room_bytes").as_u64();
  out.needed_room_bytes = json.at("needed_room_bytes").as_u64();
  out.reason = json.at("reason").as_text();
  out.detail = json.at("detail").as_text();
  if (const codec::Json why = json.at("why"); why.is_object()) {
    out.why = explanation_in(why);
  }
  out.crate_name = json.at("crate_name").as_text();
  out.crate_type = json.at("crate_type").as_text();
  out.output_ext = json.at("output_ext").as_text();
  if (const codec::Json phases = json.at("self_profile_ns"); phases.is_object()) {
    out.phases = phases_in(phases);
  }
  return out;
}

}  // namespace zc::history
