#include "engine/observed/temporary_names.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/path.h"
#include "base/str.h"
#include "codec/digest.h"

namespace zc::engine {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// A mark is this byte, that of the form, and the number of the name.
constexpr char kMark = '\1';
constexpr std::size_t kMarkBytes = 3;
constexpr char kFirst = '0';
constexpr std::size_t kNamesMax = 64;

// How a program makes names: some text, and random bytes of an alphabet.
struct Form {
  char mark;
  std::string_view alphabet;
  std::size_t random_bytes;
  std::string_view beginning;  // empty: anything that ends with a dash
  bool goes_to_first_dot;      // else to the last
};

constexpr std::array<Form, 3> kForms = {{
    // "ccAbC123.o" and "ccAbC123.ltrans0.o" of gcc's.
    {.mark = 'a',
     .alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
     .random_bytes = 6,
     .beginning = "cc",
     .goes_to_first_dot = true},
    // "main-1a2b3c.o" of clang's.
    {.mark = 'h',
     .alphabet = "0123456789abcdef",
     .random_bytes = 6,
     .beginning = "",
     .goes_to_first_dot = false},
    // "tmp1ab_2cd3.json" of python's.
    {.mark = 'p',
     .alphabet = "abcdefghijklmnopqrstuvwxyz0123456789_",
     .random_bytes = 8,
     .beginning = "tmp",
     .goes_to_first_dot = true},
}};

bool has_form(std::string_view name, const Form& form) {
  if (name.size() <= form.random_bytes) {
    return false;
  }
  const std::string_view beginning = name.substr(0, name.size() - form.random_bytes);
  const std::string_view random = name.substr(beginning.size());
  return (form.beginning.empty() ? beginning.ends_with('-') : beginning == form.beginning) &&
         random.find_first_not_of(form.alphabet) == std::string_view::npos;
}

// Up to the end of the random part.
std::string_view name_by(const Form& form, std::string_view base) {
  return base.substr(0, form.goes_to_first_dot ? base.find('.') : base.rfind('.'));
}

const Form* form_of(std::string_view base) {
  const auto form = std::ranges::find_if(
      kForms, [&](const Form& each) { return has_form(name_by(each, base), each); });
  return form == kForms.end() ? nullptr : &*form;
}

}  // namespace

OrBypass<TemporaryNames> TemporaryNames::find(std::string_view messages,
                                              const std::vector<std::string_view>& passing) {
  TemporaryNames out;
  for (const std::string_view path : passing) {
    if (!messages.contains(base_name(path))) {
      continue;
    }
    const Form* form = form_of(base_name(path));
    if (form == nullptr || messages.contains(kMark) || out.names_.size() == kNamesMax) {
      return bypass(Reason::kUnrepeatableInput, str_cat("a message names ", path));
    }
    const std::string_view name = name_by(*form, base_name(path));
    if (std::ranges::find(out.names_, name, &Name::text) == out.names_.end()) {
      out.names_.push_back(
          {.text = std::string(name), .mark = form->mark, .random_bytes = form->random_bytes});
    }
  }
  return out;
}

std::string TemporaryNames::hide(std::string messages) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const auto& [name, mark, random_bytes] = names_[i];
    const char number = static_cast<char>(kFirst + i);
    const std::string kept =
        str_cat(name.substr(0, name.size() - random_bytes), kMark, mark, number);
    for (std::size_t at = messages.find(name); at != std::string::npos;
         at = messages.find(name, at + kept.size())) {
      messages.replace(at, name.size(), kept);
    }
  }
  return messages;
}

std::optional<std::string> renew_temporary_names(std::string_view kept, std::uint64_t seed) {
  std::string out;
  for (std::size_t at = 0; at < kept.size();) {
    const std::size_t mark = std::min(kept.find(kMark, at), kept.size());
    out += kept.substr(at, mark - at);
    at = mark;
    if (mark == kept.size()) {
      break;
    }
    const auto form = kept.size() - mark < kMarkBytes
                          ? kForms.end()
                          : std::ranges::find(kForms, kept[mark + 1], &Form::mark);
    if (form == kForms.end()) {
      return std::nullopt;
    }
    codec::KeyHasher random("zccache-temporary-name-1");
    random.field("seed", seed);
    random.field("number", kept.substr(mark + 2, 1));
    const codec::Digest digest = random.finish();
    for (const char byte : digest.view().substr(0, form->random_bytes)) {
      out += form->alphabet[static_cast<unsigned char>(byte) % form->alphabet.size()];
    }
    at += kMarkBytes;
  }
  return out;
}

}  // namespace zc::engine
