#define P(x) _Pragma(#x)
P(GCC dependency "g.y")
int f;
