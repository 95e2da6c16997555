#include "cli/daemon_settings.h"

#include <optional>

#include "base/str.h"
#include "cli/request.h"
#include "config/keys.h"
#include "lifecycle/connect.h"

namespace zc::cli {

namespace {

constexpr std::string_view kToApply = "; to apply it: zccache stop, then zccache start";

// Empty: there is none.
std::string difference(const EffectiveSetting& here, const std::string& of_daemon) {
  const config::Key& key = *here.key;
  if (!of_daemon.empty() &&
      config::normal_value(key, of_daemon).value_or(std::string(key.careful)) == here.value) {
    return {};
  }
  if (here.source == Source::kVariable) {
    return of_daemon.empty()
               ? str_cat(key.variable(), "=", here.value,
                         " does not reach the running daemon, which was started without it",
                         kToApply, "; or: zccache config set ", key.name, ' ', here.value)
               : str_cat(key.variable(), "=", here.value,
                         " does not reach the running daemon, which was started with ", of_daemon,
                         kToApply);
  }
  return of_daemon.empty()
             ? std::string()
             : str_cat("the running daemon was started with ", key.variable(), "=", of_daemon,
                       ", which counts before ", here.origin(), " (", here.value, ")", kToApply);
}

}  // namespace

codec::Json standing_of_daemon(const lifecycle::Caller& caller) {
  const Result<std::string> text =
      request(caller, wire::Type::kStatus, wire::Type::kStatusReply, lifecycle::kStatusReplyMs);
  return text ? codec::Json::parse(*text).value_or(codec::Json()) : codec::Json();
}

std::vector<std::string> differences(const SettingsView& view, const codec::Json& standing) {
  std::vector<std::string> out;
  const codec::Json variables = standing.at("variables");
  if (!variables.is_object()) {
    return out;
  }
  for (const EffectiveSetting& setting : view.settings) {
    if (setting.key->applies != config::Applies::kDaemon) {
      continue;
    }
    const std::string text = difference(setting, variables.at(setting.key->name).as_text());
    if (!text.empty()) {
      out.push_back(text);
    }
  }
  return out;
}

}  // namespace zc::cli
