#include "engine/explain/command_parts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <utility>

#include "base/str.h"
#include "engine/observed/variables.h"
#include "wire/environment.h"

namespace zc::engine::explain {

namespace {

using codec::KeyField;
using history::Change;
using history::ChangeKind;

// How the bytes of a field become a text.
enum class Form : std::uint8_t {
  kText,
  kWord,
  kDigest,
  kNumber,
  kName,  // of the thing whose value is the next field
  kSecret,
  kPresence,  // a number, and the digest of what is there in the next field
  kNothing,   // it says nothing that other fields do not
};

// What the fields of keys mean, by their tags.
struct Row {
  std::string_view tag;
  ChangeKind kind;
  Form form;
};

constexpr std::array<Row, 42> kRows = {{
    {.tag = "arg", .kind = ChangeKind::kWord, .form = Form::kWord},
    {.tag = "chosen", .kind = ChangeKind::kProgram, .form = Form::kText},
    {.tag = "command", .kind = ChangeKind::kOther, .form = Form::kNothing},
    {.tag = "cpu", .kind = ChangeKind::kProcessor, .form = Form::kText},
    {.tag = "cwd", .kind = ChangeKind::kDirectory, .form = Form::kText},
    {.tag = "depfile", .kind = ChangeKind::kOutput, .form = Form::kText},
    {.tag = "domain", .kind = ChangeKind::kOther, .form = Form::kNothing},
    {.tag = "driver", .kind = ChangeKind::kProgram, .form = Form::kText},
    {.tag = "env", .kind = ChangeKind::kVariable, .form = Form::kName},
    {.tag = "extern", .kind = ChangeKind::kCrate, .form = Form::kName},
    {.tag = "extra", .kind = ChangeKind::kDeclared, .form = Form::kText},
    {.tag = "file", .kind = ChangeKind::kFile, .form = Form::kName},
    {.tag = "has-input", .kind = ChangeKind::kForm, .form = Form::kNumber},
    {.tag = "inherited", .kind = ChangeKind::kInherited, .form = Form::kSecret},
    {.tag = "input", .kind = ChangeKind::kFile, .form = Form::kName},
    {.tag = "is-there", .kind = ChangeKind::kOldOutput, .form = Form::kPresence},
    {.tag = "kernel", .kind = ChangeKind::kMachine, .form = Form::kText},
    {.tag = "language", .kind = ChangeKind::kForm, .form = Form::kNumber},
    {.tag = "library-path", .kind = ChangeKind::kVariable, .form = Form::kText},
    {.tag = "machine", .kind = ChangeKind::kMachine, .form = Form::kText},
    {.tag = "map", .kind = ChangeKind::kRoot, .form = Form::kText},
    {.tag = "name", .kind = ChangeKind::kProgram, .form = Form::kText},
    {.tag = "output", .kind = ChangeKind::kOutput, .form = Form::kText},
    {.tag = "piped-input", .kind = ChangeKind::kFile, .form = Form::kDigest},
    {.tag = "program", .kind = ChangeKind::kProgram, .form = Form::kText},
    {.tag = "pwd", .kind = ChangeKind::kDirectory, .form = Form::kText},
    {.tag = "remapped", .kind = ChangeKind::kRoot, .form = Form::kText},
    {.tag = "role", .kind = ChangeKind::kForm, .form = Form::kNumber},
    {.tag = "search", .kind = ChangeKind::kCrate, .form = Form::kName},
    {.tag = "source", .kind = ChangeKind::kSource, .form = Form::kText},
    {.tag = "source-content", .kind = ChangeKind::kFile, .form = Form::kDigest},
    {.tag = "standard-input", .kind = ChangeKind::kFile, .form = Form::kDigest},
    {.tag = "terminal", .kind = ChangeKind::kTerminal, .form = Form::kNumber},
    {.tag = "tool", .kind = ChangeKind::kProgram, .form = Form::kText},
    {.tag = "tool-hash", .kind = ChangeKind::kDeclared, .form = Form::kText},
    {.tag = "toolchain", .kind = ChangeKind::kCompiler, .form = Form::kDigest},
    {.tag = "umask", .kind = ChangeKind::kInherited, .form = Form::kNumber},
    {.tag = "user-deps", .kind = ChangeKind::kForm, .form = Form::kNumber},
    {.tag = "variable", .kind = ChangeKind::kVariable, .form = Form::kName},
    {.tag = "word", .kind = ChangeKind::kDeclared, .form = Form::kText},
    {.tag = "word-for-word", .kind = ChangeKind::kForm, .form = Form::kNumber},
    {.tag = "words-at", .kind = ChangeKind::kForm, .form = Form::kNumber},
}};
static_assert(std::ranges::is_sorted(kRows, {}, &Row::tag));

// The value of a named thing, and the root of a path: parts of another field.
constexpr std::string_view kContent = "content";
constexpr std::string_view kRoot = "root";

const Row* row_of(std::string_view tag) {
  const auto* const row = std::ranges::lower_bound(kRows, tag, {}, &Row::tag);
  return row != kRows.end() && row->tag == tag ? row : nullptr;
}

std::string digest_text(std::string_view bytes) {
  const auto digest = codec::Digest::from_view(bytes);
  return digest ? history::short_text(*digest) : std::string();
}

std::string number_text(std::string_view bytes) {
  ByteReader in(bytes);
  return std::to_string(in.u64());
}

std::string secret_text(std::string_view bytes) {
  return history::short_text(codec::digest_of(bytes));
}

// As it is usually typed: a NUL separates an option from its value (compiler/c/parse.cc).
std::string word_text(std::string_view bytes) {
  constexpr std::size_t kShortOption = 2;  // -D, -I, -O
  const std::size_t end = bytes.find('\0');
  if (end == std::string_view::npos) {
    return std::string(bytes);
  }
  const std::string_view option = bytes.substr(0, end);
  const bool is_joined = option.size() == kShortOption || option.ends_with('=');
  return str_cat(option, is_joined ? "" : " ", bytes.substr(end + 1));
}

std::string text_of(Form form, std::string_view bytes) {
  switch (form) {
    case Form::kDigest:
      return digest_text(bytes);
    case Form::kNumber:
      return number_text(bytes);
    case Form::kSecret:
      return secret_text(bytes);
    case Form::kWord:
      return word_text(bytes);
    case Form::kText:
    case Form::kName:
    case Form::kPresence:
    case Form::kNothing:
      break;
  }
  return std::string(bytes);
}

// Reads the fields of one key from the front.
class Reader {
 public:
  Reader(const std::vector<KeyField>& fields, const CacheableCompile& compile)
      : fields_(fields), compile_(compile) {}

  std::vector<Part> read() {
    while (at_ < fields_.size()) {
      const Row* const row = row_of(fields_[at_].tag);
      if (row != nullptr && row->form == Form::kNothing) {
        ++at_;
      } else {
        out_.push_back(next());
      }
    }
    return std::move(out_);
  }

 private:
  Part next() {
    std::string root = take_root();
    if (at_ == fields_.size()) {
      return part(ChangeKind::kOther, kRoot, std::move(root));
    }
    const KeyField& field = fields_[at_++];
    const Row* const row = row_of(field.tag);
    if (row == nullptr) {
      return part(ChangeKind::kOther, field.tag, secret_text(field.bytes));
    }
    if (row->form == Form::kPresence) {
      const bool is_content = at_ < fields_.size() && fields_[at_].tag == kContent;
      return part(row->kind, {}, is_content ? digest_text(fields_[at_++].bytes) : "nothing");
    }
    if (row->form == Form::kName) {
      return part(row->kind, field.bytes, value_of(*row, field.bytes));
    }
    return part(row->kind, name_of(*row), root + text_of(row->form, field.bytes));
  }

  // What is called by something else than the kind alone.
  std::string_view name_of(const Row& row) const {
    if (row.tag == "source-content") {
      return compile_.source;
    }
    if (row.tag == "library-path") {
      return "LD_LIBRARY_PATH";
    }
    const bool is_one_of_many =
        row.kind == ChangeKind::kForm || row.kind == ChangeKind::kDeclared || row.tag == "umask";
    return is_one_of_many ? row.tag : std::string_view();
  }

  std::string value_of(const Row& row, std::string_view name) {
    std::string root = take_root();
    if (at_ == fields_.size()) {
      return root;
    }
    const std::string_view bytes = fields_[at_++].bytes;
    if (row.kind == ChangeKind::kFile) {
      return digest_text(bytes);
    }
    const bool is_shown = row.kind != ChangeKind::kVariable || is_harmless_variable(name);
    return is_shown ? root + std::string(bytes) : secret_text(bytes);
  }

  // A path stands behind the name of its root, which may be empty.
  std::string take_root() {
    if (at_ == fields_.size() || fields_[at_].tag != kRoot) {
      return {};
    }
    const std::string_view name = fields_[at_++].bytes;
    return name.empty() ? std::string() : str_cat('<', name, '>');
  }

  static Part part(ChangeKind kind, std::string_view name, std::string value) {
    return {.kind = static_cast<std::uint8_t>(kind),
            .name = std::string(name),
            .value = std::move(value)};
  }

  const std::vector<KeyField>& fields_;
  const CacheableCompile& compile_;
  std::size_t at_ = 0;
  std::vector<Part> out_;
};

Change change_of(const Part& part) {
  return {.kind = static_cast<ChangeKind>(part.kind), .name = part.name};
}

// The parts of one kind and name, in their order.
using Group = std::vector<const Part*>;
using Groups = std::map<std::pair<std::uint8_t, std::string_view>, Group>;

Groups groups_of(const std::vector<Part>& parts) {
  Groups out;
  for (const Part& part : parts) {
    out[{part.kind, part.name}].push_back(&part);
  }
  return out;
}

bool are_equal(const Part* a, const Part* b) {
  return a->value == b->value;
}

// How many of the last parts of two sequences are common, by the beginnings from which they are
// compared: the usual table of the longest common subsequence.
class CommonParts {
 public:
  CommonParts(const Group& before, const Group& after)
      : columns_(after.size() + 1), counts_((before.size() + 1) * columns_) {
    for (std::size_t i = before.size(); i-- > 0;) {
      for (std::size_t j = after.size(); j-- > 0;) {
        counts_[i * columns_ + j] = are_equal(before[i], after[j])
                                        ? at(i + 1, j + 1) + 1
                                        : std::max(at(i + 1, j), at(i, j + 1));
      }
    }
  }
  std::uint32_t at(std::size_t i, std::size_t j) const { return counts_[i * columns_ + j]; }

 private:
  std::size_t columns_;
  std::vector<std::uint32_t> counts_;
};

// Those that were taken out at one place, and those that came there instead.
void add_gap(const Group& gone, const Group& come, std::vector<Change>& out) {
  const std::size_t pairs = std::min(gone.size(), come.size());
  for (std::size_t i = 0; i < std::max(gone.size(), come.size()); ++i) {
    Change change = change_of(i < gone.size() ? *gone[i] : *come[i]);
    if (i < pairs || i < gone.size()) {
      change.before = gone[i]->value;
    }
    if (i < pairs || i >= gone.size()) {
      change.after = come[i]->value;
    }
    add_once(std::move(change), out);
  }
}

void drop_common_ends(Group& a, Group& b) {
  while (!a.empty() && !b.empty() && are_equal(a.back(), b.back())) {
    a.pop_back();
    b.pop_back();
  }
  const auto [in_a, in_b] = std::ranges::mismatch(a, b, are_equal);
  b.erase(b.begin(), in_b);
  a.erase(a.begin(), in_a);
}

void add_differences(Group before, Group after, std::vector<Change>& out) {
  constexpr std::size_t kCellsMax = 1'000'000;
  drop_common_ends(before, after);
  if (before.size() * after.size() > kCellsMax) {
    add_gap(before, after, out);
    return;
  }
  const CommonParts common(before, after);
  Group gone;
  Group come;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < before.size() || j < after.size()) {
    if (i < before.size() && j < after.size() && are_equal(before[i], after[j])) {
      add_gap(std::exchange(gone, {}), std::exchange(come, {}), out);
      ++i;
      ++j;
    } else if (j == after.size() ||
               (i < before.size() && common.at(i + 1, j) >= common.at(i, j + 1))) {
      gone.push_back(before[i++]);
    } else {
      come.push_back(after[j++]);
    }
  }
  add_gap(gone, come, out);
}

}  // namespace

void add_once(Change change, std::vector<Change>& to) {
  const auto known = std::ranges::find_if(to, [&](const Change& other) {
    return other.kind == change.kind && other.name == change.name &&
           (is_opaque(change.kind) ||
            (other.before == change.before && other.after == change.after));
  });
  if (known == to.end()) {
    to.push_back(std::move(change));
  } else {
    known->changed_ns = std::max(known->changed_ns, change.changed_ns);
  }
}

bool is_harmless_variable(std::string_view name) {
  const auto is_in = [&](const auto& names) {
    return std::ranges::find(names, name) != names.end();
  };
  constexpr std::array<std::string_view, 4> kOfEverybody = {"HOME", "PATH", "PWD", "RUSTFLAGS"};
  return is_in(wire::kKeyVariables) || is_in(kSilentVariables) || is_in(kLinkerVariables) ||
         is_in(kTerminalVariables) || is_in(kOfEverybody) || name.starts_with("LC_");
}

std::vector<Part> parts_of(const CacheableCompile& compile) {
  const auto fields = codec::read_fields(compile.key_fields);
  return fields ? Reader(*fields, compile).read() : std::vector<Part>();
}

std::vector<Change> differences(const std::vector<Part>& before, const std::vector<Part>& after) {
  std::vector<Change> out;
  Groups old = groups_of(before);
  Groups now = groups_of(after);
  for (const Part& part : after) {
    const auto found = now.find({part.kind, part.name});
    if (found == now.end()) {
      continue;
    }
    add_differences(std::exchange(old[found->first], {}), std::move(found->second), out);
    now.erase(found);
  }
  for (auto& [name, group] : old) {
    add_differences(std::move(group), {}, out);
  }
  // Another source has another content, which says nothing.
  if (std::ranges::find(out, ChangeKind::kSource, &Change::kind) != out.end()) {
    std::erase_if(out, [](const Change& change) {
      return change.kind == ChangeKind::kFile && (!change.before || !change.after);
    });
  }
  return out;
}

std::vector<Part> environment_of(const CacheableCompile& compile) {
  std::vector<Part> out;
  for (const auto& [name, value] : compile.env.all()) {
    if (!is_uncounted_variable(name)) {
      out.push_back(
          {.kind = static_cast<std::uint8_t>(ChangeKind::kVariable),
           .name = std::string(name),
           .value = is_harmless_variable(name) ? std::string(value) : secret_text(value)});
    }
  }
  return out;
}

}  // namespace zc::engine::explain
