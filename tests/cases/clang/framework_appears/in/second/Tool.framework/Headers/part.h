#define PART 2
