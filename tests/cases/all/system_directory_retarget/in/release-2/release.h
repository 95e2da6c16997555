#define RELEASE 2
