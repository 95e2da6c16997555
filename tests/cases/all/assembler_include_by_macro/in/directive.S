#define TAKE .include
 .section .rodata
TAKE "part.s"
