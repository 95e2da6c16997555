#pragma message "\033[33mhello\033[0m"
#warning "[31mred[0m"
int f(void) { int u; /* [31mred[0m */ return 0; }
