static const char b[] __attribute__((used)) = __FILE__;
