int value(int* at) { return *at; }
