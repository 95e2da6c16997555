#define RELEASE 1
