#include "os/pattern.h"

#include <regex.h>

#include <array>
#include <utility>

#include "base/str.h"

namespace zc::os {

struct Pattern::Compiled {
  regex_t expression = {};
  bool is_whole = false;
};

void Pattern::Free::operator()(Compiled* compiled) const {
  if (compiled->is_whole) {
    ::regfree(&compiled->expression);
  }
  delete compiled;
}

Pattern::Pattern(std::unique_ptr<Compiled, Free> compiled) : compiled_(std::move(compiled)) {}

Result<Pattern> Pattern::compile(const std::string& expression) {
  std::unique_ptr<Compiled, Free> compiled(new Compiled);
  const int err = ::regcomp(&compiled->expression, expression.c_str(), REG_EXTENDED | REG_NOSUB);
  if (err != 0) {
    std::array<char, 200> text = {};
    ::regerror(err, &compiled->expression, text.data(), text.size());
    return fail(Code::kInvalid, str_cat("the expression ", expression, " is wrong: ", text.data()));
  }
  compiled->is_whole = true;
  return Pattern(std::move(compiled));
}

bool Pattern::is_in(const std::string& text) const {
  return ::regexec(&compiled_->expression, text.c_str(), 0, nullptr, 0) == 0;
}

}  // namespace zc::os
