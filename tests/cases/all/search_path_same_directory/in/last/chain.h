#define CHAIN 9
