 .section .rodata
.include PART
