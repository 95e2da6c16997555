#include "base/version_order.h"

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "base/str.h"

namespace zc {

namespace {

// <major>.<minor>.<patch>[-<prerelease>][+<build>], by Semantic Versioning 2.0; the texts borrow
// from the version. Section numbers below are those of that standard.
struct Semver {
  std::uint64_t numbers[3] = {};
  std::vector<std::string_view> prerelease;
  std::vector<std::string_view> build;
};

bool is_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// The standard forbids leading zeros.
std::optional<std::uint64_t> parse_number(std::string_view text) {
  if (text.size() > 1 && text.starts_with('0')) {
    return std::nullopt;
  }
  return parse_u64(text);
}

bool is_identifier(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
  });
}

bool parse_prerelease(std::string_view text, std::vector<std::string_view>& out) {
  out = split(text, '.');
  return std::ranges::all_of(out, [](std::string_view part) {
    const bool leading_zero = part.size() > 1 && part.starts_with('0') && is_digits(part);
    return is_identifier(part) && !leading_zero;
  });
}

std::optional<Semver> parse(std::string_view text) {
  Semver out;
  // The build metadata first: they may contain a dash, a prerelease never contains a plus.
  if (const std::size_t plus = text.find('+'); plus != std::string_view::npos) {
    out.build = split(text.substr(plus + 1), '.');
    if (!std::ranges::all_of(out.build, is_identifier)) {
      return std::nullopt;
    }
    text = text.substr(0, plus);
  }
  if (const std::size_t dash = text.find('-'); dash != std::string_view::npos) {
    if (!parse_prerelease(text.substr(dash + 1), out.prerelease)) {
      return std::nullopt;
    }
    text = text.substr(0, dash);
  }
  const std::vector<std::string_view> parts = split(text, '.');
  if (parts.size() != std::size(out.numbers)) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < parts.size(); ++i) {
    TRY_ASSIGN(out.numbers[i], parse_number(parts[i]));
  }
  return out;
}

// Numbers compare as numbers (of any size, without leading zeros) and come before words (11.4.1 to
// 11.4.3). Without leading zeros, the number with more digits is the larger one.
std::weak_ordering compare_identifiers(std::string_view a, std::string_view b) {
  if (is_digits(a) != is_digits(b)) {
    return is_digits(a) ? std::weak_ordering::less : std::weak_ordering::greater;
  }
  if (is_digits(a) && a.size() != b.size()) {
    return a.size() <=> b.size();
  }
  return a.compare(b) <=> 0;
}

// The first difference decides; if one list begins with the other, the longer one is greater
// (11.4.4).
std::weak_ordering compare_lists(const std::vector<std::string_view>& a,
                                 const std::vector<std::string_view>& b) {
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    const std::weak_ordering order = compare_identifiers(a[i], b[i]);
    if (order != std::weak_ordering::equivalent) {
      return order;
    }
  }
  return a.size() <=> b.size();
}

std::weak_ordering compare(const Semver& a, const Semver& b) {
  for (std::size_t i = 0; i < std::size(a.numbers); ++i) {
    if (a.numbers[i] != b.numbers[i]) {
      return a.numbers[i] <=> b.numbers[i];
    }
  }
  // 1.0.0 comes after all of its prereleases (11.3).
  if (a.prerelease.empty() || b.prerelease.empty()) {
    return a.prerelease.empty() <=> b.prerelease.empty();
  }
  return compare_lists(a.prerelease, b.prerelease);
}

VersionOrder order_of(std::weak_ordering order) {
  return order == std::weak_ordering::equivalent ? VersionOrder::kSame
         : order == std::weak_ordering::greater  ? VersionOrder::kDaemonNewer
                                                 : VersionOrder::kDaemonOlder;
}

}  // namespace

bool is_version(std::string_view text) {
  return parse(text).has_value();
}

VersionOrder compare_versions(std::string_view daemon, std::string_view own) {
  if (daemon == own) {
    return VersionOrder::kSame;
  }
  const std::optional<Semver> theirs = parse(daemon);
  const std::optional<Semver> ours = parse(own);
  if (!theirs || !ours) {
    return VersionOrder::kDaemonOlder;
  }
  const std::weak_ordering order = compare(*theirs, *ours);
  if (order != std::weak_ordering::equivalent || ours->build.empty()) {
    return order_of(order);
  }
  return order_of(compare_lists(theirs->build, ours->build));
}

}  // namespace zc
