# 1 "a.c"
int v = 1;
