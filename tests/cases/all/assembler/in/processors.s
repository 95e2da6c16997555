	.data
	.incbin "/sys/devices/system/cpu/online"
	.section .note.GNU-stack,"",@progbits
