// How busy the machine is.
//
// Thread: any.
#pragma once

#include <optional>

namespace zc::os {

// Processes that want a processor, on the average of the last minute. Nothing: it cannot be read.
std::optional<double> load_average();

// Processors that this process may use.
unsigned processor_count();

}  // namespace zc::os
