#include "client/observed_run.h"

#include <limits.h>
#include <unistd.h>

#include <cstddef>
#include <optional>

#include "base/path.h"
#include "base/str.h"

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

std::string find_observer() {
  char self[PATH_MAX];
  const ssize_t length = ::readlink("/proc/self/exe", self, sizeof self);
  if (length <= 0 || length == static_cast<ssize_t>(sizeof self)) {
    return {};
  }
  const std::string_view program(self, static_cast<std::size_t>(length));
  std::string path = str_cat(dir_name(program), "/libzccache-observer.so");
  const bool is_one_word = path.find_first_of(": ") == std::string::npos;
  if (!is_one_word || ::access(path.c_str(), R_OK) != 0) {
    return {};
  }
  return path;
}

}  // namespace zc::client
