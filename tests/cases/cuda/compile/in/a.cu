#include "h.h"
__global__ void k(float* x) { x[threadIdx.x] += ONE; }
void run(float* x) { k<<<1, 32>>>(x); }
