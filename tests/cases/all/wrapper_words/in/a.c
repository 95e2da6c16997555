const char* words(void) { return WORDS; }
#warning "seen"
