// Json: a JSON document: the daemon writes its figures with it, the tools read them. The client,
// which cannot link a library for it, writes its few lines with json_escape (base/str.h).
//
// A member or element that a document does not have is returned as an empty value, never as an
// error: the other side may be of another version.
//
// Copies are deep: a change to a value that `at` or `elements` returned does not reach the
// document.
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
  static Json array();
  static Json text(std::string_view value);
  static Json number(double value);
  static Json count(std::uint64_t value);
  static Json flag(bool value);

  // Members of an object, in their order; empty for anything else.
  std::vector<std::pair<std::string, Json>> members() const;
  // Elements of an array; empty for anything else.
  std::vector<Json> elements() const;
  // Null when there is no such member.
  Json at(std::string_view key) const;

  bool is_null() const;
  bool is_object() const;
  bool is_array() const;
  // 0 for anything but a whole number that is not negative.
  std::uint64_t as_u64() const;
  // False for anything but `true`.
  bool as_flag() const;
  // Empty for anything but a string.
  std::string as_text() const;

  // Adds or replaces a member; *this becomes an object if it is not one.
  void set(std::string_view key, Json value);
  // Adds an element; *this becomes an array if it is none.
  void append(Json value);

  // Indented by two blanks, for people, or on one line without any. Bytes that are not UTF-8 are
  // replaced.
  std::string dump() const;
  std::string dump_line() const;

 private:
  struct Value;
  explicit Json(std::unique_ptr<Value> value);

  std::unique_ptr<Value> value_;  // never null, except after a move
};

}  // namespace zc::codec
