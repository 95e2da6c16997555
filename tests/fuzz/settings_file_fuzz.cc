// Files of settings: what they say is usable, and a change of one value leaves the others.
#include <cstddef>
#include <cstdint>
#include <map>

#include "config/edit.h"
#include "config/file.h"
#include "fuzz/require.h"

namespace {

using namespace zc;

std::map<std::string_view, std::string> values_of(const config::File& file) {
  std::map<std::string_view, std::string> out;
  for (const config::Entry& entry : file.entries) {
    out.insert_or_assign(entry.key->name, entry.value);
  }
  return out;
}

void change(std::string_view text, const config::File& before, const char* name,
            const std::string& value) {
  const Result<std::string> changed = config::with_value(text, *config::find_key(name), value);
  if (!changed) {
    fuzz::require(!changed.error().message.empty(), "a mistake has a message");
    return;
  }
  std::map<std::string_view, std::string> wanted = values_of(before);
  wanted[name] = value;
  const config::File after = config::parse_file("f", *changed, config::Owner::kUser);
  fuzz::require(values_of(after) == wanted, "all else stays");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const config::Owner owner : {config::Owner::kUser, config::Owner::kProject}) {
    const config::File file = config::parse_file("f", text, owner);
    fuzz::require(file.refusal.empty() || !file.problems.empty(), "a refusal has its problem");
    for (const config::Entry& entry : file.entries) {
      fuzz::require(entry.value.empty() || config::normal_value(*entry.key, entry.value),
                    "a value is usable");
      fuzz::require(entry.line > 0, "a value has a line");
    }
  }
  const config::File file = config::parse_file("f", text, config::Owner::kUser);
  change(text, file, "max_size", "5G");
  change(text, file, "recache", "yes");
  change(text, file, "extra_files", "a:b");
  change(text, file, "cache_buster", std::string(text.substr(0, 20)));
  return 0;
}
