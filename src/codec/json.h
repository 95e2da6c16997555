// Json: a JSON document for the tools; what the daemon writes it builds by hand.
//
// A member or element that a document does not have is returned as an empty value, never as an
// error: the other side may be of another version.
//
// Thread: values.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace zc::codec {

class Json {
 public:
  Json();  // null
  Json(const Json& other);
  Json(Json&& other) noexcept;
  Json& operator=(Json other) noexcept;
  ~Json();

  // Errors: kCorrupt.
  static Result<Json> parse(std::string_view text);
  // A new object without members; a string (bytes as they are); a number.
  static Json object();
  static Json text(std::string_view value);
  static Json number(double value);

  // Members of an object, in their order; empty for anything else.
  std::vector<std::pair<std::string, Json>> members() const;
  // Elements of an array; empty for anything else.
  std::vector<Json> elements() const;
  // Null when there is no such member.
  Json at(std::string_view key) const;

  bool is_null() const;
  bool is_object() const;
  // 0 for anything but a whole number that is not negative.
  std::uint64_t as_u64() const;
  // Empty for anything but a string.
  std::string as_text() const;

  // Adds or replaces a member; *this becomes an object if it is not one.
  void set(std::string_view key, Json value);

  // Indented by two blanks. Bytes that are not UTF-8 become U+FFFD.
  std::string dump() const;

 private:
  struct Value;
  explicit Json(std::unique_ptr<Value> value);

  std::unique_ptr<Value> value_;  // never null, except after a move
};

}  // namespace zc::codec
