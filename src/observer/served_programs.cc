#include "observer/served_programs.h"

#include <unistd.h>

#include <cstring>
#include <string_view>

#include "base/cache_names.h"
#include "base/path.h"
#include "compiler/detect.h"
#include "observer/kernel.h"
#include "observer/short_text.h"

namespace zc::observer {

namespace {

constexpr std::size_t kPathBytesMax = 4096;  // PATH_MAX

// Empty: this process serves nothing. Written while the observer is loaded.
char g_client[kPathBytesMax];

// A symlink that leads to another cache, in a few steps: /usr/lib/ccache/gcc. What is longer than
// that is none. There may be little stack.
bool leads_to_cache(const char* path) {
  constexpr int kLinksMax = 8;
  constexpr std::size_t kWayBytesMax = 1024;
  constexpr std::size_t kTargetBytesMax = 512;
  ShortText<kWayBytesMax> at;
  at.add(path);
  for (int i = 0; i < kLinksMax; ++i) {
    char target[kTargetBytesMax];
    const std::ptrdiff_t size = kernel::read_link(at.c_str(), target, sizeof target);
    if (size <= 0 || size == sizeof target) {
      return false;
    }
    const std::string_view text(target, static_cast<std::size_t>(size));
    if (is_cache_name(base_name(text))) {
      return true;
    }
    const std::string_view link(at.c_str(), at.size());
    at.keep(is_absolute(text) ? 0 : link.rfind('/') + 1);
    at.add(text);
  }
  return false;
}

bool is_served_name(std::string_view name) {
  return compiler::detect(name) || compiler::detect_object_tool(name) ||
         compiler::is_declared_tool(name);
}

}  // namespace

void begin_serving() {
  const std::string_view name = kClientVariable;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view variable = *at;
    if (variable.starts_with(name) && variable.size() - name.size() < sizeof g_client) {
      std::memcpy(g_client, *at + name.size(), variable.size() - name.size());
      return;
    }
  }
}

bool is_serving() {
  return g_client[0] != '\0';
}

const char* client_path() {
  return g_client;
}

Service service_for(const char* path) {
  const std::string_view name = base_name(path);
  if (is_cache_name(name)) {
    return Service::kLeftAlone;
  }
  if (!is_served_name(name) || !kernel::is_program(path)) {
    return Service::kNone;
  }
  return leads_to_cache(path) ? Service::kLeftAlone : Service::kClient;
}

namespace {

// `zccache wrap --as NAME -- PROGRAM`, in front of the program's arguments.
constexpr std::size_t kWordsInFront = 6;

}  // namespace

std::size_t count_client_words(char* const* argv) {
  std::size_t arguments = 0;
  while (argv[arguments] != nullptr) {
    ++arguments;
  }
  return kWordsInFront + arguments;
}

void write_client_words(const char* path, char* const* argv, const char** words) {
  for (const char* word :
       {"zccache", "wrap", "--as", static_cast<const char*>(argv[0]), "--", path}) {
    *words = word;
    ++words;
  }
  for (char* const* argument = argv + 1; *argument != nullptr; ++argument) {
    *words = *argument;
    ++words;
  }
  *words = nullptr;
}

}  // namespace zc::observer
