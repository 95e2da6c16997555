#include "client/setting_words.h"

#include <cstdlib>
#include <string>
#include <string_view>

#include "base/setting_names.h"

namespace zc::client {

int take_setting_words(std::span<char* const> words) {
  int taken = 0;
  for (const std::string_view word : words) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || !is_setting_name(word.substr(0, equals))) {
      break;
    }
    // NOLINTNEXTLINE(concurrency-mt-unsafe): one thread
    ::setenv(variable_of_setting(word.substr(0, equals)).c_str(),
             std::string(word.substr(equals + 1)).c_str(), 1);
    ++taken;
  }
  return taken;
}

}  // namespace zc::client
