int sign(const char* text) { return *text; }
