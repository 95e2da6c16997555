#include <chain.h>
int chain = CHAIN;
