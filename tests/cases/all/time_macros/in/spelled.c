/* __TIME__ */
#include "when.h" /* NOW is not expanded here */
enum kind { TIME = 1, A__TIME__ };
const char* names[] = {"a,TIME,b", "__TIME__"};
#ifdef ONLY_NOW
const char* when = NOW;
#endif
