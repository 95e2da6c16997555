#define NOTHING 0
