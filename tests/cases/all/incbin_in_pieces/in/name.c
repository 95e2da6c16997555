#define HOW incbin
#define TEXT(x) #x
#define QUOTED(x) TEXT(x)
__asm__(".section .rodata\nblob:\n ." QUOTED(HOW) " \"blob\"\n .text\n");
