#include "history/change.h"

#include <algorithm>

#include "base/str.h"

namespace zc::history {

namespace {

struct Words {
  std::string_view id;
  std::string_view noun;
  bool is_opaque = false;
};

// By the numbers of the kinds.
constexpr std::array<Words, kChangeKinds> kWords = {{
    {.id = "word", .noun = "the word"},
    {.id = "compiler", .noun = "the compiler"},
    {.id = "program", .noun = "the name of the program"},
    {.id = "source", .noun = "the path of the source"},
    {.id = "file", .noun = "the file"},
    {.id = "new_file", .noun = "the file"},
    {.id = "variable", .noun = "the variable"},
    {.id = "directory", .noun = "the working directory"},
    {.id = "output", .noun = "the output"},
    {.id = "old_output", .noun = "what was at the output"},
    {.id = "form", .noun = "the form of the command"},
    {.id = "processor", .noun = "the processor"},
    {.id = "machine", .noun = "the machine"},
    {.id = "inherited", .noun = "what the command inherits"},
    {.id = "terminal", .noun = "the terminal", .is_opaque = true},
    {.id = "root", .noun = "the directory for"},
    {.id = "crate", .noun = "the crate"},
    {.id = "program_on_path", .noun = "the program on PATH for", .is_opaque = true},
    {.id = "path", .noun = "what is at the path", .is_opaque = true},
    {.id = "names", .noun = "the list of names in", .is_opaque = true},
    {.id = "metadata", .noun = "mode, owner, size or time of", .is_opaque = true},
    {.id = "environment", .noun = "the environment", .is_opaque = true},
    {.id = "declared", .noun = "what was declared:"},
    {.id = "other", .noun = "another fact:"},
    {.id = "date", .noun = "the date", .is_opaque = true},
}};

const Words& words_of(ChangeKind kind) {
  return kWords.at(static_cast<std::size_t>(kind));
}

}  // namespace

std::string_view id_of(ChangeKind kind) {
  return words_of(kind).id;
}

std::optional<ChangeKind> kind_of(std::string_view id) {
  const auto* const found = std::ranges::find(kWords, id, &Words::id);
  return found == kWords.end() ? std::nullopt
                               : std::optional(static_cast<ChangeKind>(found - kWords.begin()));
}

bool is_opaque(ChangeKind kind) {
  return words_of(kind).is_opaque;
}

std::string text_of(const Change& change) {
  if (change.kind == ChangeKind::kDate) {
    return "the date has changed, which __DATE__ shows";
  }
  std::string what(words_of(change.kind).noun);
  if (!change.name.empty()) {
    str_append(what, ' ', change.name);
  }
  if (change.kind == ChangeKind::kNewFile) {
    return str_cat(what, " is there now, where the compiler had found nothing");
  }
  const auto shown = [](const std::string& value) { return value.empty() ? "empty" : value; };
  if (change.before && change.after && is_opaque(change.kind)) {
    return str_cat(what, " has changed");
  }
  if (change.before && change.after) {
    return change.kind == ChangeKind::kFile
               ? str_cat(what, " has another content (", *change.before, ", now ", *change.after,
                         ')')
               : str_cat(what, ' ', shown(*change.before), " is now ", shown(*change.after));
  }
  if (change.after) {
    return str_cat(what, ' ', shown(*change.after), " is new");
  }
  if (change.kind == ChangeKind::kFile) {
    return str_cat(what, " is gone or cannot be read");
  }
  return str_cat(what, ' ', change.before ? shown(*change.before) : std::string(), " is gone");
}

std::string short_text(const codec::Digest& digest) {
  constexpr std::size_t kDigits = 12;
  return digest.hex().substr(0, kDigits);
}

}  // namespace zc::history
