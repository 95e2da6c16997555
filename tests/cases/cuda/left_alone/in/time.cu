__device__ const char* stamp = __TIME__;
extern "C" __global__ void k(const char** x) { *x = stamp; }
