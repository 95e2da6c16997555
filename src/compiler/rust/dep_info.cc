#include "compiler/rust/dep_info.h"

#include <utility>

#include "base/result.h"
#include "base/str.h"

namespace zc::compiler::rust {

namespace {

constexpr std::string_view kEnvPrefix = "# env-dep:";
constexpr std::string_view kSeparator = ": ";

std::string escape_file(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (c == ' ') {
      out += '\\';
    }
    out += c;
  }
  return out;
}

// Nothing when a blank is not escaped.
std::optional<std::string> unescape_file(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == ' ') {
      if (!out.ends_with('\\')) {
        return std::nullopt;
      }
      out.pop_back();
    }
    out += c;
  }
  return out;
}

std::string escape_env(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!append_escape(out, c, "\n\r\\", "nr\\")) {
      out += c;
    }
  }
  return out;
}

std::optional<std::string> unescape_env(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\') {
      out += text[i];
      continue;
    }
    const char next = ++i < text.size() ? text[i] : '\0';
    if (next != 'n' && next != 'r' && next != '\\') {
      return std::nullopt;
    }
    out += next == 'n' ? '\n' : next == 'r' ? '\r' : '\\';
  }
  return out;
}

std::optional<EnvDep> read_env(std::string_view text) {
  const std::size_t equals = text.find('=');
  EnvDep dep;
  TRY_ASSIGN(dep.name, unescape_env(text.substr(0, equals)));
  if (equals != std::string_view::npos) {
    TRY_ASSIGN(dep.value, unescape_env(text.substr(equals + 1)));
  }
  return dep;
}

// Collects what each line says. The order of lines is checked by writing them again.
//
// The rule of an input holds no blank that is not escaped; the rule of an output does, after its
// colon. What belongs to the target of such a rule is known once the inputs are.
class Reader {
 public:
  bool read_line(std::string_view line) {
    if (line.starts_with(kEnvPrefix)) {
      std::optional<EnvDep> dep = read_env(line.substr(kEnvPrefix.size()));
      if (!dep) {
        return false;
      }
      info_.env.push_back(*std::move(dep));
      return true;
    }
    if (line.contains(kSeparator)) {
      rules_.push_back(line);
      return true;
    }
    if (!line.ends_with(':')) {
      return line.empty();
    }
    std::optional<std::string> file = unescape_file(line.substr(0, line.size() - 1));
    if (!file) {
      return false;
    }
    info_.files.push_back(*std::move(file));
    return true;
  }

  std::optional<DepInfo> finish() {
    if (info_.files.empty()) {
      return std::nullopt;
    }
    std::string tail = ":";
    for (const std::string& file : info_.files) {
      str_append(tail, ' ', escape_file(file));
    }
    for (const std::string_view rule : rules_) {
      if (!rule.ends_with(tail)) {
        return std::nullopt;
      }
      info_.targets.emplace_back(rule.substr(0, rule.size() - tail.size()));
    }
    return std::move(info_);
  }

 private:
  DepInfo info_;
  std::vector<std::string_view> rules_;
};

}  // namespace

std::optional<DepInfo> parse_dep_info(std::string_view text) {
  Reader reader;
  for (const std::string_view line : split(text, '\n')) {
    if (!reader.read_line(line)) {
      return std::nullopt;
    }
  }
  std::optional<DepInfo> info = reader.finish();
  // The reader is lenient; this comparison is what accepts a text.
  return info && write_dep_info(*info) == text ? std::move(info) : std::nullopt;
}

std::string write_dep_info(const DepInfo& info) {
  std::string files;
  std::string rules_of_files;
  for (const std::string& file : info.files) {
    const std::string escaped = escape_file(file);
    str_append(files, files.empty() ? "" : " ", escaped);
    str_append(rules_of_files, escaped, ":\n");
  }
  std::string out;
  for (const std::string& target : info.targets) {
    str_append(out, target, kSeparator, files, "\n\n");
  }
  out += rules_of_files;
  if (!info.env.empty()) {
    out += '\n';
  }
  for (const EnvDep& dep : info.env) {
    str_append(out, kEnvPrefix, escape_env(dep.name));
    if (dep.value) {
      str_append(out, '=', escape_env(*dep.value));
    }
    out += '\n';
  }
  return out;
}

}  // namespace zc::compiler::rust
