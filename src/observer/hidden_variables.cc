#include "observer/hidden_variables.h"

#include <fcntl.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <string_view>

#include "observer/early_objects.h"
#include "observer/kernel.h"

namespace zc::observer {

namespace {

constexpr std::string_view kPreload = "LD_PRELOAD=";

// LD_PRELOAD with a build of the observer, and without what the user preloads.
constexpr std::size_t kPreloadBytesMax = 4096 + kPreload.size();
struct Library {
  char text[kPreloadBytesMax];
  std::size_t bytes;

  std::string_view preload() const { return {text, bytes}; }
  const char* path() const { return text + kPreload.size(); }
};

// Set when the observer is loaded: our variable beside LD_PRELOAD, and how it begins.
bool g_is_hidden = false;
std::string_view g_name;
char g_variable[kPreloadBytesMax];
Library g_ours;
Library g_other;
os::Preload g_our_kind = os::Preload::kAny;

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

// Whether the variable begins with this library: alone, or with more behind it.
bool begins_with(const Library& library, std::string_view variable) {
  return variable.starts_with(library.preload()) &&
         (variable.size() == library.bytes || variable[library.bytes] == ':');
}

const Library& library_for(os::Preload kind) {
  return kind == os::Preload::kAny || kind == g_our_kind ? g_ours : g_other;
}

// False: it does not fit.
bool keep_library(std::string_view stem, std::string_view end, Library& out) {
  const std::size_t bytes = kPreload.size() + stem.size() + end.size();
  if (bytes >= sizeof out.text) {
    return false;
  }
  char* at = out.text;
  for (const std::string_view part : {kPreload, stem, end}) {
    at = std::copy(part.begin(), part.end(), at);
  }
  *at = '\0';
  out.bytes = bytes;
  return true;
}

// Copies LD_PRELOAD with our own path, and with that of the other build, which lies beside us and
// is called likewise. False: there is no such path, or it does not fit.
bool keep_libraries() {
  const char* const self = own_path();
  if (self == nullptr) {
    return false;
  }
  std::string_view stem = self;
  const bool is_for_musl = stem.ends_with(os::kEndForMusl);
  const std::string_view end = is_for_musl ? os::kEndForMusl : os::kEndForGlibc;
  if (!stem.ends_with(end)) {
    return false;
  }
  stem.remove_suffix(end.size());
  g_our_kind = is_for_musl ? os::Preload::kMusl : os::Preload::kGlibc;
  return keep_library(stem, end, g_ours) &&
         keep_library(stem, is_for_musl ? os::kEndForGlibc : os::kEndForMusl, g_other);
}

// Writes what the user preloads, by a variable of his own or behind ours, behind the observer.
void add_users(std::string_view variable, char* out) {
  const bool has_ours = begins_with(g_ours, variable);
  if (!has_ours) {
    *out = ':';
    ++out;
  }
  variable.remove_prefix(has_ours ? g_ours.bytes : kPreload.size());
  *std::ranges::copy(variable, out).out = '\0';
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

void hide_variables(std::string_view name) {
  char** const variable = find(environ, name);
  char** const ours = find(environ, kPreload);
  // Not as the client sets them: nothing is hidden, and environments are passed on as they are.
  if (variable == nullptr || ours == nullptr || !keep_libraries() || !begins_with(g_ours, *ours)) {
    return;
  }
  const std::size_t bytes = std::strlen(*variable) + 1;
  if (bytes > sizeof g_variable) {
    return;
  }
  std::memcpy(g_variable, *variable, bytes);
  g_name = name;
  g_is_hidden = true;
  if ((*ours)[g_ours.bytes] == '\0') {
    take_out(ours);
  } else {
    // The name moves to right before what the user preloads.
    char* const users = *ours + g_ours.bytes + 1 - kPreload.size();
    std::memcpy(users, kPreload.data(), kPreload.size());
    *ours = users;
  }
  take_out(find(environ, name));
}

bool are_variables_hidden() {
  return g_is_hidden;
}

bool has_library(os::Preload kind) {
  return kind != os::Preload::kNone &&
         (!g_is_hidden || kernel::is_there(AT_FDCWD, library_for(kind).path()));
}

EnvironmentRoom room_with_variables(os::Preload kind, char* const* given) {
  // The two variables and the null pointer, and our LD_PRELOAD with a byte behind it.
  EnvironmentRoom room = {.words = 3, .bytes = library_for(kind).bytes + 1};
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

void add_variables(os::Preload kind, char* const* given, char** words, char* bytes) {
  const Library& library = library_for(kind);
  *std::ranges::copy(library.preload(), bytes).out = '\0';
  bool has_preload = false;
  for (char* const* at = given; at != nullptr && *at != nullptr; ++at) {
    const std::string_view variable = *at;
    // Ours is added at the end: a program cannot send its children to another channel.
    if (variable.starts_with(g_name)) {
      continue;
    }
    *words = *at;
    // If there are several, the first one is completed and the others stay.
    if (!has_preload && variable.starts_with(kPreload)) {
      has_preload = true;
      if (!begins_with(library, variable)) {
        add_users(variable, bytes + library.bytes);
        *words = bytes;
      }
    }
    ++words;
  }
  if (!has_preload) {
    *words = bytes;
    ++words;
  }
  *words = g_variable;
  ++words;
  *words = nullptr;
}

LentEnvironment::LentEnvironment(os::Preload kind) {
  if (!g_is_hidden || !has_library(kind) || g_is_lent.exchange(true)) {
    return;
  }
  is_taken_ = true;
  const EnvironmentRoom room = room_with_variables(kind, environ);
  if (room.words <= kLentWordsMax && room.bytes <= kLentBytesMax) {
    before_ = environ;
    add_variables(kind, before_, g_lent_words, g_lent_bytes);
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
