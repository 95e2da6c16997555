// RequestContext: what a request brings along that its inputs are compared with: its working
// directory, the directories it gives to roots, and the facts of its world.
//
//
// Thread: any; const.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "codec/digest.h"
#include "engine/inputs/looks.h"
#include "os/file_system.h"
#include "store/store.h"

namespace zc::engine {

// The name of a fact: what a request is compared by, without its value. `root` and `name` as in
// store::Input.
struct FactName {
  store::InputKind kind = store::InputKind::kVariable;
  std::string_view root;
  std::string_view name;
};

class RequestContext {
 public:
  virtual ~RequestContext() = default;

  // Relative inputs are against it.
  virtual os::DirectoryHandle working_directory() const = 0;

  // The digest of the fact's value now, or when `looks` saw what it is about. Nothing: it has none.
  // May touch the disk.
  virtual std::optional<codec::Digest> fact(const FactName&, Looks&) const { return std::nullopt; }
  // Now.
  std::optional<codec::Digest> fact_now(const FactName& name) const {
    Looks looks;
    return fact(name, looks);
  }

  // Whether an output of the request may lie directly in `directory`, an absolute path: the names
  // there are facts without those of the outputs.
  virtual bool may_write_to(std::string_view /*directory*/) const { return true; }

  // What the request has looked at by now for another reason, and relies on. May be null.
  virtual const LooksByPath* known_looks() const { return nullptr; }

  // Absolute, without a slash at the end. Nothing: this request has no such root, so nothing is
  // below it.
  virtual std::optional<std::string> root_directory(std::string_view) const { return std::nullopt; }
};

}  // namespace zc::engine
