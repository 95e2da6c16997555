#include <big.h>
int value = V;
