#include "os/load.h"

#include <cstdlib>
#include <thread>

namespace zc::os {

std::optional<double> load_average() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? std::optional(load) : std::nullopt;
}

unsigned processor_count() {
  return std::thread::hardware_concurrency();
}

}  // namespace zc::os
