// The figures of a cache in the text format of Prometheus (exposition formats, version 0.0.4).
//
// Thread: any.
#pragma once

#include <string>

#include "cli/status_text.h"

namespace zc::cli {

// Counters are the totals, which go back to zero only with `zccache zero`.
std::string prometheus_text(const StatusFigures& shown);

}  // namespace zc::cli
