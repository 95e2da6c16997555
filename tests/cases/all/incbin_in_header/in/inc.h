#define EMBED(name) __asm__(".section .rodata\n.globl blob\nblob:\n.incbin \"" name "\"\n.text\n");
