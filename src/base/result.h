// Result<T>: the one way in which a function reports that it failed.
//
// An Error is for people and for branching: a code for the caller, the errno behind it if there was
// one, and a message that states what failed on which file. A miss and "not cacheable" are not
// errors; they have types of their own.
//
// Thread: values, no shared state.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace zc {

// What a caller may branch on. Functions list the codes that they return under "Errors:".
enum class Code : unsigned char {
  kNotFound,     // the named thing does not exist
  kCorrupt,      // bytes do not decode, or do not match their digest
  kTimeout,      // a deadline passed
  kUnavailable,  // no process answers, or a resource is busy
  kInvalid,      // the caller or the user passed something unusable
  kNoSpace,      // disk full or quota reached
  kIo,           // any other failure of the operating system
};

struct Error {
  Code code = Code::kIo;
  int os_errno = 0;  // 0: not from the operating system
  std::string message;
};

template <class T = void>
using Result = std::expected<T, Error>;

// `message`: for people, without a newline; what failed on which file, and what to do about it if
// the user can do something.
inline std::unexpected<Error> fail(Code code, std::string message, int os_errno = 0) {
  return std::unexpected(Error{code, os_errno, std::move(message)});
}

// Builds an Error from an errno value: "<what>: <text of errno>". ENOENT and ENOTDIR become
// kNotFound, ENOSPC and EDQUOT kNoSpace, everything else kIo.
std::unexpected<Error> fail_errno(int err, std::string what);

namespace detail {

template <class T, class E>
std::unexpected<E> why_not(std::expected<T, E>&& failed) {
  return std::unexpected(std::move(failed).error());
}
template <class T>
std::nullopt_t why_not(const std::optional<T>&) {
  return std::nullopt;
}

}  // namespace detail

}  // namespace zc

// In two steps, so that __COUNTER__ becomes a number before it is joined.
#define ZC_CONCAT_(a, b) a##b
#define ZC_CONCAT(a, b) ZC_CONCAT_(a, b)

// TRY(expr): returns the error of a Result from the enclosing function, and drops its value if it
// has one.
#define TRY(expr)                                    \
  do {                                               \
    if (auto zc_try = (expr); !zc_try) {             \
      return zc::detail::why_not(std::move(zc_try)); \
    }                                                \
  } while (false)

// TRY_ASSIGN(lhs, expr): binds the value of a Result<T> to `lhs`, or returns its error; of a
// std::optional<T>, its value, or returns nothing. `lhs` is a variable or declares one. The macro
// is several statements, so it needs braces below an `if`.
#define TRY_ASSIGN(lhs, expr) ZC_TRY_ASSIGN_(ZC_CONCAT(zc_tmp_, __COUNTER__), lhs, expr)
// NOLINTBEGIN(bugprone-macro-parentheses): `tmp` and `lhs` are declared here, not evaluated.
#define ZC_TRY_ASSIGN_(tmp, lhs, expr)          \
  auto tmp = (expr);                            \
  if (!tmp) {                                   \
    return zc::detail::why_not(std::move(tmp)); \
  }                                             \
  lhs = *std::move(tmp)
// NOLINTEND(bugprone-macro-parentheses)
