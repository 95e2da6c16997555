.macro take how
 .\how "blob"
.endm
 .section .rodata
 take incbin
