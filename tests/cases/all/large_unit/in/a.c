#define T 1, 2, 3, 4, 5, 6, 7, 8
#define U T, T, T, T, T, T, T, T
#define W U, U, U, U, U, U, U, U
const int table[] = {W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W};
const char zeros[3000000] = {1};
