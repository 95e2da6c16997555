/* __DATE__ */
#define UNUSED __DATE__
#if 0
const char* when = __DATE__;
#endif
enum kind { DATE = 1, A__DATE__ };
const char* names[] = {"a,DATE,b", "__DATE__"};
