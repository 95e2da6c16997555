extern int told(void);
int main(void) { return told(); }
