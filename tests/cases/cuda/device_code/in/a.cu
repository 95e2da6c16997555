#include "h.h"
#ifdef MORE
__device__ float more;
#endif
extern "C" __global__ void k(float* x) { x[threadIdx.x] += ONE; }
