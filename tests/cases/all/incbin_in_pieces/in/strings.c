__asm__(".section .rodata\nblob:\n .in" "cb" "in \"blob\"\n .text\n");
