const char* s = "\344 ä";
