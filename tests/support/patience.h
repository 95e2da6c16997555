// How long a test waits for something that must happen.
#pragma once

namespace zc::test {

// Only a test that fails waits so long: it must exceed what a loaded machine or a sanitizer costs.
inline constexpr int kWaitMs = 30'000;

}  // namespace zc::test
