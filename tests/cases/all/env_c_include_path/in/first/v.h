#define V 9
