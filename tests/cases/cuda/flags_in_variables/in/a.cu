#ifndef VALUE
#define VALUE 1
#endif
extern "C" __global__ void k(int* x) { x[threadIdx.x] += VALUE; }
