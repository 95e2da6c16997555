#warning "héllo, said the source"
static int unused(int parameter) { return 'ab'; }
int f(unsigned a, int b) { return a < b; }
