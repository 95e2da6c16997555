	.text
	.globl	f
f:
	.include "part.s"
	ret
	.section .rodata
	.incbin "data.bin"
	.section .note.GNU-stack,"",@progbits
