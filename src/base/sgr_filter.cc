#include "base/sgr_filter.h"

namespace zc {

namespace {

// A compiler's messages arrive in pieces of any size, so a sequence may begin in one call and end
// in a later one. The filter keeps the bytes from an ESC on back until they are a sequence, which
// it drops, or until no further byte could make them one: then they were text.
enum class Match { kNo, kPrefix, kWhole };

// Is `text` (which starts with ESC) a sequence to remove, the beginning of one, or neither?
Match match_sequence(std::string_view text) {
  if (text.size() == 1) {
    return Match::kPrefix;
  }
  if (text[1] != '[') {
    return Match::kNo;
  }
  for (const char c : text.substr(2)) {
    if (c == 'm' || c == 'K') {
      return Match::kWhole;
    }
    if ((c < '0' || c > '9') && c != ';' && c != ':') {
      return Match::kNo;
    }
  }
  return Match::kPrefix;
}

}  // namespace

void SgrFilter::filter(std::string_view bytes, std::string& out) {
  constexpr char kEscape = '\x1b';
  while (!bytes.empty()) {
    if (held_.empty()) {
      const std::size_t escape = bytes.find(kEscape);
      out.append(bytes.substr(0, escape));
      if (escape == std::string_view::npos) {
        return;
      }
      bytes.remove_prefix(escape + 1);
      held_ = kEscape;
      continue;
    }
    // No sequence contains an ESC: the bytes so far are text, and this one may begin another
    // sequence.
    if (bytes.front() == kEscape) {
      finish(out);
      continue;
    }
    held_ += bytes.front();
    bytes.remove_prefix(1);
    const Match match = match_sequence(held_);
    if (match == Match::kWhole) {
      held_.clear();
    } else if (match == Match::kNo) {
      finish(out);
    }
  }
}

void SgrFilter::finish(std::string& out) {
  out += held_;
  held_.clear();
}

std::string without_sgr(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  SgrFilter filter;
  filter.filter(text, out);
  filter.finish(out);
  return out;
}

}  // namespace zc
