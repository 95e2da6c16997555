#define NOW __TIME__
