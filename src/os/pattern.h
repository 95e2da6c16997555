// Pattern: an extended regular expression (regex(7)), searched for anywhere in a text.
//
// Thread: any; const after it was made.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"

namespace zc::os {

class Pattern {
 public:
  // Errors: kInvalid, with what is wrong with the expression.
  static Result<Pattern> compile(const std::string& expression);

  bool is_in(const std::string& text) const;

 private:
  struct Compiled;
  struct Free {
    void operator()(Compiled* compiled) const;
  };
  explicit Pattern(std::unique_ptr<Compiled, Free> compiled);

  std::unique_ptr<Compiled, Free> compiled_;
};

}  // namespace zc::os
