int g(int x) { return x + 2; }
