#ifdef A
int *p = 0;
#endif
int main() { return (int)1.5; }
