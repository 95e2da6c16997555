#pragma GCC dependency "g.y"
int f;
