#define PLACE 1
