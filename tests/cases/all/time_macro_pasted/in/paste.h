#define WRAP(x) __ ## x ## __
#define CAT(a, b) a ## b
