	.data
	.incbin "/dev/fd/3"
	.section .note.GNU-stack,"",@progbits
