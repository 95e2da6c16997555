// What the two halves of `limit` say to each other, as plain structs.
#pragma once

namespace bench {

inline constexpr int kBlobsMax = 4;

// As large as the request of a typical compile: argv, cwd and the environment that matters.
struct LimitRequest {
  int entry = 0;
  char padding[4092] = {};
};

// The blobs' descriptors travel beside it.
struct LimitReply {
  int stale = 0;
};

}  // namespace bench
