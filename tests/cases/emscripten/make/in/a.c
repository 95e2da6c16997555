#include "config.h"
#ifndef WORD
#define WORD 0
#endif
int main(void) { return A + WORD; }
