const char* text = TEXT; const char* file = __FILE__;
