#include "client/observed_run.h"

#include <cstddef>
#include <optional>

#include "base/path.h"
#include "base/str.h"
#include "lifecycle/locations.h"
#include "os/file_stamp.h"
#include "os/name.h"
#include "os/safe_directory.h"
#include "os/self.h"

namespace zc::client {

namespace {

constexpr std::string_view kPreload = "LD_PRELOAD=";
constexpr std::string_view kChannel = "ZCCACHE_OBSERVE=";

}  // namespace

ObservedEnvironment::ObservedEnvironment(char* const* environment, std::string_view library,
                                         std::string_view channel)
    : preload_(str_cat(kPreload, library)), channel_(str_cat(kChannel, channel)) {
  // The user's LD_PRELOAD keeps its place: the observer shows it to programs there.
  std::optional<std::size_t> place;
  for (char* const* variable = environment; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    if (text.starts_with(kPreload)) {
      str_append(preload_, ':', text.substr(kPreload.size()));
      if (!place) {
        place = variables_.size();
        variables_.push_back(nullptr);
      }
    } else if (!text.starts_with(kChannel)) {
      variables_.push_back(*variable);
    }
  }
  if (place) {
    variables_[*place] = preload_.data();
  } else {
    variables_.push_back(preload_.data());
  }
  variables_.insert(variables_.end(), {channel_.data(), nullptr});
}

namespace {

// LD_PRELOAD is a list, separated by colons or blanks (ld.so(8)).
bool is_one_word(std::string_view path) {
  return path.find_first_of(": ") == std::string_view::npos;
}

bool is_readable(const std::string& path) {
  return os::check_right(path, os::Right::kRead) == 0;
}

// With a link of another user, the compiler would load that user's library.
bool is_our_link(const std::string& link, std::string_view target) {
  if (os::symlink_target(link) != target) {
    return false;
  }
  const Result<os::FileStamp> stamp = os::stat_own_link(link);
  return stamp && stamp->is_symlink();
}

// Leads to `target`: a link that is made now or was made before. Each target has a name of its own,
// so that no link is ever turned.
bool is_linked(const std::string& target, const std::string& link) {
  // It may be there already: the check is what counts.
  os::make_symlink(target, link);
  return is_our_link(link, target);
}

}  // namespace

std::string find_observer(os::Preload kind, std::string_view state_directory) {
  return find_observer(kind, os::own_path().value_or(std::string()), state_directory);
}

std::string find_observer(os::Preload kind, std::string_view program,
                          std::string_view state_directory) {
  if (kind == os::Preload::kNone || program.empty()) {
    return {};
  }
  const std::string_view end = kind == os::Preload::kMusl ? os::kEndForMusl : os::kEndForGlibc;
  const std::string stem = str_cat(dir_name(program), "/libzccache-observer");
  std::string path = str_cat(stem, end);
  if (!is_readable(path)) {
    return {};
  }
  if (is_one_word(path)) {
    return path;
  }
  const std::string link_stem = str_cat(state_directory, "/observer-", lifecycle::path_hash(stem));
  if (!is_one_word(link_stem) ||
      !os::open_safe_directory(std::string(state_directory), os::user_id(), os::Missing::kFail)) {
    return {};
  }
  // The observer finds the build for another C library beside itself.
  for (const std::string_view each : {os::kEndForGlibc, os::kEndForMusl}) {
    const std::string target = str_cat(stem, each);
    if (is_readable(target) && !is_linked(target, str_cat(link_stem, each))) {
      return {};
    }
  }
  return str_cat(link_stem, end);
}

}  // namespace zc::client
