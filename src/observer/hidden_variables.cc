#include "observer/hidden_variables.h"

#include <atomic>
#include <cstring>
#include <string_view>

#include "observer/early_objects.h"

namespace zc::observer {

namespace {

constexpr std::string_view kPreload = "LD_PRELOAD=";
constexpr std::string_view kChannel = "ZCCACHE_OBSERVE=";

// Set when the observer is loaded. They keep the whole variable; LD_PRELOAD without what the user
// preloads.
constexpr std::size_t kPreloadBytesMax = 4096 + kPreload.size();
bool g_is_hidden = false;
char g_preload[kPreloadBytesMax];
std::size_t g_preload_bytes = 0;
char g_channel[64];

// Serves one shell at a time.
constexpr std::size_t kLentWordsMax = 4096;
constexpr std::size_t kLentBytesMax = 2 * kPreloadBytesMax;
std::atomic<bool> g_is_lent = false;
char* g_lent_words[kLentWordsMax];
char g_lent_bytes[kLentBytesMax];

char** find(char** variables, std::string_view name) {
  for (char** at = variables; at != nullptr && *at != nullptr; ++at) {
    if (std::strncmp(*at, name.data(), name.size()) == 0) {
      return at;
    }
  }
  return nullptr;
}

std::string_view preload() {
  return {g_preload, g_preload_bytes};
}

// Whether the variable begins with the observer's own value: alone, or with more behind it.
bool is_ours(std::string_view variable) {
  return variable.starts_with(preload()) &&
         (variable.size() == g_preload_bytes || variable[g_preload_bytes] == ':');
}

// Copies LD_PRELOAD with our own path. False: it does not fit.
bool keep_preload() {
  const char* const self = own_path();
  if (self == nullptr) {
    return false;
  }
  const std::string_view path = self;
  if (path.size() > kPreloadBytesMax - kPreload.size()) {
    return false;
  }
  std::memcpy(g_preload, kPreload.data(), kPreload.size());
  std::memcpy(g_preload + kPreload.size(), path.data(), path.size());
  g_preload_bytes = kPreload.size() + path.size();
  return true;
}

// The kernel's auxiliary vector follows the environment and must stay there, so the variables in
// front move up. Code may still walk from the arguments to the environment, so the slot that
// becomes free gets a variable that exists anyway.
void take_out(char** variable) {
  for (char** at = variable; at != environ; --at) {
    *at = at[-1];
  }
  if (environ[1] != nullptr) {
    environ[0] = environ[1];
  }
  ++environ;
}

}  // namespace

void hide_variables() {
  char** const channel = find(environ, kChannel);
  char** const ours = find(environ, kPreload);
  // Not as the client sets them: nothing is hidden, and environments are passed on as they are.
  if (channel == nullptr || ours == nullptr || !keep_preload() || !is_ours(*ours)) {
    return;
  }
  const std::size_t channel_bytes = std::strlen(*channel) + 1;
  if (channel_bytes > sizeof g_channel) {
    return;
  }
  std::memcpy(g_channel, *channel, channel_bytes);
  g_is_hidden = true;
  if ((*ours)[g_preload_bytes] == '\0') {
    take_out(ours);
  } else {
    // The name moves to right before what the user preloads.
    char* const users = *ours + g_preload_bytes + 1 - kPreload.size();
    std::memcpy(users, kPreload.data(), kPreload.size());
    *ours = users;
  }
  take_out(find(environ, kChannel));
}

bool are_variables_hidden() {
  return g_is_hidden;
}

EnvironmentRoom room_with_variables(char* const* given) {
  // The two variables and the null pointer, and our LD_PRELOAD with a byte behind it.
  EnvironmentRoom room = {.words = 3, .bytes = g_preload_bytes + 1};
  bool has_preload = false;
  for (char* const* at = given; at != nullptr && *at != nullptr; ++at) {
    ++room.words;
    if (!has_preload && std::strncmp(*at, kPreload.data(), kPreload.size()) == 0) {
      has_preload = true;
      room.bytes += std::strlen(*at);
    }
  }
  return room;
}

void add_variables(char* const* given, char** words, char* bytes) {
  std::memcpy(bytes, g_preload, g_preload_bytes);
  bytes[g_preload_bytes] = '\0';
  bool has_preload = false;
  for (char* const* at = given; at != nullptr && *at != nullptr; ++at) {
    const std::string_view variable = *at;
    // Ours is added at the end: a program cannot send its children to another channel.
    if (variable.starts_with(kChannel)) {
      continue;
    }
    *words = *at;
    // If there are several, the first one is completed and the others stay.
    if (!has_preload && variable.starts_with(kPreload)) {
      has_preload = true;
      if (!is_ours(variable)) {
        const std::string_view users = variable.substr(kPreload.size());
        bytes[g_preload_bytes] = ':';
        std::memcpy(bytes + g_preload_bytes + 1, users.data(), users.size());
        bytes[g_preload_bytes + 1 + users.size()] = '\0';
        *words = bytes;
      }
    }
    ++words;
  }
  if (!has_preload) {
    *words = bytes;
    ++words;
  }
  *words = g_channel;
  ++words;
  *words = nullptr;
}

LentEnvironment::LentEnvironment() {
  if (!g_is_hidden || g_is_lent.exchange(true)) {
    return;
  }
  is_taken_ = true;
  const EnvironmentRoom room = room_with_variables(environ);
  if (room.words <= kLentWordsMax && room.bytes <= kLentBytesMax) {
    before_ = environ;
    add_variables(before_, g_lent_words, g_lent_bytes);
    environ = g_lent_words;
  }
}

LentEnvironment::~LentEnvironment() {
  if (!is_taken_) {
    return;
  }
  // Else another thread has set a variable, and with it a list of its own, which stays as it is:
  // add_variables can live with that.
  if (before_ != nullptr && environ == g_lent_words) {
    environ = before_;
  }
  g_is_lent = false;
}

}  // namespace zc::observer
