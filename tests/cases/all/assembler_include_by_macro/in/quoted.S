#define TEXT(x) #x
#define QUOTED(x) TEXT(x)
 .section .rodata
.include QUOTED(part.s)
