#include "codec/toml.h"

#include <cstdint>
#include <sstream>

#include <toml++/toml.h>

#include "base/str.h"

namespace zc::codec {

Result<Json> parse_toml(std::string_view text) {
  try {
    std::ostringstream json;
    json << toml::json_formatter(toml::parse(text));
    return Json::parse(json.str());
  } catch (const toml::parse_error& error) {
    return fail(Code::kInvalid, str_cat("line ", std::uint64_t{error.source().begin.line}, ": ",
                                        error.description()));
  }
}

}  // namespace zc::codec
