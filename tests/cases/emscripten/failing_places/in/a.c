#include "a.h"
int main(void) { return A; }
