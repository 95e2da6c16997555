__asm__(".section .rodata\nblob:\n .\151ncbin \"blob\"\n .text\n");
