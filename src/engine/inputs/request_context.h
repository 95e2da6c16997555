// RequestContext: what a request brings along that its inputs are compared with. Beside files, an
// input set can hold
//
//   facts   something that is told by name, such as the value of a variable: an input whose path
//           is kFactMark and the name, with a digest of the value, or an absence when there is none
//   roots   files in a directory that each request names for itself (where its libraries lie): an
//           input whose path is kPlaceMark, the root's name, a slash and the file's name
//
// so that what a result depends on is compared in one way, whatever it is. Only where `has_marks`
// says so do the marks mean this; for anybody else they are bytes, with which the name of a
// directory may begin. A family that has them keeps absolute paths.
//
// Thread: any; const.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/digest.h"
#include "os/file_system.h"

namespace zc::engine {

inline constexpr char kFactMark = '\1';
inline constexpr char kPlaceMark = '\2';

class RequestContext {
 public:
  virtual ~RequestContext() = default;

  // Relative inputs are against it.
  virtual os::DirectoryHandle working_directory() const = 0;

  // Whether a path that begins with a mark is a fact or in a root, and no path.
  virtual bool has_marks() const { return false; }

  // gcc takes a precompiled header beside a header in silence.
  virtual bool gch_matters() const { return false; }

  // Nothing: there is no such thing.
  virtual std::optional<codec::Digest> fact(std::string_view) const { return std::nullopt; }

  // Nothing: this request has no such root, so nothing is in it.
  virtual std::optional<std::string> root_directory(std::string_view) const { return std::nullopt; }
};

}  // namespace zc::engine
