extern int a();
int b() { return a(); }
