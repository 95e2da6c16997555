	.warning "look here"
	.section .note.GNU-stack,"",@progbits
