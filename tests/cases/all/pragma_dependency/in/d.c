#if __has_include("g.y")
int there;
#endif
int f;
