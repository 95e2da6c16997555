#define NUMBER 4
