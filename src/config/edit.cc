#include "config/edit.h"

#include <algorithm>
#include <vector>

#include "base/str.h"
#include "codec/toml.h"
#include "config/file.h"

namespace zc::config {

namespace {

// A text of JSON is one of TOML.
std::string quoted(std::string_view text) {
  return str_cat('"', json_escape(text), '"');
}

std::string in_toml(const Key& key, std::string_view value) {
  switch (key.kind) {
    case Kind::kBool:
      return is_truthy(value) ? "true" : "false";
    case Kind::kSeconds:
      return str_cat(parse_seconds(value).value_or(0));
    case Kind::kPaths: {
      std::string out = "[";
      for (const std::string& path : split_words(value, ":")) {
        str_append(out, out.size() > 1 ? ", " : "", quoted(path));
      }
      return out + ']';
    }
    case Kind::kChoice:
    case Kind::kSize:
    case Kind::kDuration:
    case Kind::kShare:
    case Kind::kText:
    case Kind::kPath:
      break;
  }
  return quoted(value);
}

// Behind the last line, but before the first table, to which it would belong.
std::size_t place_for_new(std::string_view text, const std::vector<codec::TomlEntry>& entries) {
  for (const codec::TomlEntry& entry : entries) {
    if (entry.value.is_object() && !text.substr(entry.begin).starts_with('{')) {
      return 0;
    }
  }
  return text.size();
}

bool says(std::string_view text, const Key& key, std::string_view value) {
  const File file = parse_file({}, text, Owner::kUser);
  return file.refusal.empty() && std::ranges::any_of(file.entries, [&](const Entry& entry) {
           return entry.key == &key && entry.value == value;
         });
}

}  // namespace

Result<std::string> with_value(std::string_view text, const Key& key, std::string_view value) {
  TRY_ASSIGN(const std::vector<codec::TomlEntry> entries, codec::toml_entries(text));
  const std::string shown = in_toml(key, value);
  std::string out(text);
  const auto before = std::ranges::find(entries, key.name, &codec::TomlEntry::key);
  if (before != entries.end()) {
    out.replace(before->begin, before->end - before->begin, shown);
  } else {
    const std::size_t at = place_for_new(text, entries);
    const bool lacks_end = at > 0 && !text.ends_with('\n');
    out.insert(at, str_cat(lacks_end ? "\n" : "", key.name, " = ", shown, '\n'));
  }
  // The text is another program's to understand as well, so it is read as that would.
  if (!says(out, key, value)) {
    return fail(Code::kInvalid, str_cat("the value of ", key.name,
                                        " cannot be put in there; edit "
                                        "the file by hand"));
  }
  return out;
}

}  // namespace zc::config
