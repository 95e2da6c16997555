#define CHAIN 2
