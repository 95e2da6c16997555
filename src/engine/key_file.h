// KeyFile: a file that an option names, whose content is part of the manifest key.
//
// Thread: value.
#pragma once

#include <string>

#include "codec/digest.h"

namespace zc::engine {

struct KeyFile {
  std::string path;  // as spelled
  codec::Digest digest;
};

}  // namespace zc::engine
