#include "codec/json.h"

#include <nlohmann/json.hpp>

namespace zc::codec {

// Members stay in the order in which they were set, as a person reads them.
using Document = nlohmann::ordered_json;

namespace {

std::string dump_indented(const Document& document, int blanks) {
  // By default the library would throw at bytes that are not UTF-8.
  constexpr bool kAsciiOnly = false;
  return document.dump(blanks, ' ', kAsciiOnly, Document::error_handler_t::replace);
}

}  // namespace

struct Json::Value {
  Document document;
};

Json::Json() : value_(std::make_unique<Value>()) {}
Json::Json(std::unique_ptr<Value> value) : value_(std::move(value)) {}
Json::Json(const Json& other) : value_(std::make_unique<Value>(*other.value_)) {}
Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(Json other) noexcept {
  value_ = std::move(other.value_);
  return *this;
}
Json::~Json() = default;

Result<Json> Json::parse(std::string_view text) {
  // Without exceptions the library marks a text that it cannot parse as discarded.
  constexpr bool kThrow = false;
  auto value = std::make_unique<Value>(Value{Document::parse(text, nullptr, kThrow)});
  if (value->document.is_discarded()) {
    return fail(Code::kCorrupt, "not a JSON document");
  }
  return Json(std::move(value));
}

Json Json::object() {
  return Json(std::make_unique<Value>(Value{Document::object()}));
}

Json Json::array() {
  return Json(std::make_unique<Value>(Value{Document::array()}));
}

Json Json::text(std::string_view value) {
  return Json(std::make_unique<Value>(Value{Document(value)}));
}

Json Json::number(double value) {
  return Json(std::make_unique<Value>(Value{Document(value)}));
}

Json Json::count(std::uint64_t value) {
  return Json(std::make_unique<Value>(Value{Document(value)}));
}

Json Json::flag(bool value) {
  return Json(std::make_unique<Value>(Value{Document(value)}));
}

std::vector<std::pair<std::string, Json>> Json::members() const {
  std::vector<std::pair<std::string, Json>> out;
  if (is_object()) {
    for (const auto& [key, value] : value_->document.items()) {
      out.emplace_back(key, Json(std::make_unique<Value>(Value{value})));
    }
  }
  return out;
}

std::vector<Json> Json::elements() const {
  std::vector<Json> out;
  if (value_->document.is_array()) {
    for (const Document& element : value_->document) {
      out.push_back(Json(std::make_unique<Value>(Value{element})));
    }
  }
  return out;
}

Json Json::at(std::string_view key) const {
  if (is_object()) {
    if (const auto found = value_->document.find(key); found != value_->document.end()) {
      return Json(std::make_unique<Value>(Value{*found}));
    }
  }
  return {};
}

bool Json::is_null() const {
  return value_->document.is_null();
}

bool Json::is_object() const {
  return value_->document.is_object();
}

bool Json::is_array() const {
  return value_->document.is_array();
}

std::uint64_t Json::as_u64() const {
  return value_->document.is_number_unsigned() ? value_->document.get<std::uint64_t>() : 0;
}

bool Json::as_flag() const {
  return value_->document.is_boolean() && value_->document.get<bool>();
}

std::string Json::as_text() const {
  return value_->document.is_string() ? value_->document.get<std::string>() : std::string();
}

void Json::set(std::string_view key, Json value) {
  if (!is_object()) {
    value_->document = Document::object();
  }
  value_->document[std::string(key)] = std::move(value.value_->document);
}

void Json::append(Json value) {
  if (!value_->document.is_array()) {
    value_->document = Document::array();
  }
  value_->document.push_back(std::move(value.value_->document));
}

std::string Json::dump() const {
  constexpr int kIndent = 2;
  return dump_indented(value_->document, kIndent);
}

std::string Json::dump_line() const {
  constexpr int kOnOneLine = -1;
  return dump_indented(value_->document, kOnOneLine);
}

}  // namespace zc::codec
