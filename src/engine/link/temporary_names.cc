#include "engine/link/temporary_names.h"

#include <algorithm>
#include <cstddef>

#include "base/path.h"
#include "base/str.h"
#include "codec/digest.h"

namespace zc::engine::link {

namespace {

using compiler::bypass;
using compiler::OrBypass;
using compiler::Reason;

// A mark is this byte, the alphabet, and the number of the name.
constexpr char kMark = '\1';
constexpr std::size_t kMarkBytes = 3;
constexpr char kFirst = '0';
constexpr std::size_t kNamesMax = 64;

constexpr std::size_t kRandomBytes = 6;
constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kAlphanumeric =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kGcc = "cc";

bool is_random(std::string_view text, std::string_view alphabet) {
  return text.size() == kRandomBytes && text.find_first_not_of(alphabet) == std::string_view::npos;
}

bool is_of_gcc(std::string_view name) {
  return name.starts_with(kGcc) && is_random(name.substr(kGcc.size()), kAlphanumeric);
}

bool is_of_clang(std::string_view name) {
  const std::size_t dash = name.rfind('-');
  return dash != std::string_view::npos && is_random(name.substr(dash + 1), kHex);
}

// "ccAbC123" of gcc's "ccAbC123.o" and "ccAbC123.ltrans0.o", "main-1a2b3c" of clang's
// "main-1a2b3c.o". Empty: another form.
std::string_view random_name(std::string_view path) {
  const std::string_view base = base_name(path);
  const std::string_view first = base.substr(0, base.find('.'));
  const std::string_view last = base.substr(0, base.rfind('.'));
  return is_of_gcc(first) ? first : is_of_clang(last) ? last : std::string_view();
}

}  // namespace

OrBypass<TemporaryNames> TemporaryNames::find(std::string_view messages,
                                              const std::vector<std::string_view>& passing) {
  TemporaryNames out;
  for (const std::string_view path : passing) {
    if (!messages.contains(base_name(path))) {
      continue;
    }
    const std::string_view name = random_name(path);
    if (name.empty() || messages.contains(kMark) || out.names_.size() == kNamesMax) {
      return bypass(Reason::kUnrepeatableInput, str_cat("a message names ", path));
    }
    if (std::ranges::find(out.names_, name) == out.names_.end()) {
      out.names_.emplace_back(name);
    }
  }
  return out;
}

std::string TemporaryNames::hide(std::string messages) const {
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const std::string& name = names_[i];
    const char alphabet = is_of_gcc(name) ? 'a' : 'h';
    const char number = static_cast<char>(kFirst + i);
    const std::string kept =
        str_cat(name.substr(0, name.size() - kRandomBytes), kMark, alphabet, number);
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
    if (kept.size() - mark < kMarkBytes) {
      return std::nullopt;
    }
    codec::KeyHasher random("zccache-temporary-name-1");
    random.field("seed", seed);
    random.field("number", kept.substr(mark + 2, 1));
    const std::string_view alphabet = kept[mark + 1] == 'h' ? kHex : kAlphanumeric;
    const codec::Digest digest = random.finish();
    for (const char byte : digest.view().substr(0, kRandomBytes)) {
      out += alphabet[static_cast<unsigned char>(byte) % alphabet.size()];
    }
    at += kMarkBytes;
  }
  return out;
}

}  // namespace zc::engine::link
