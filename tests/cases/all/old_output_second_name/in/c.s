.globl f
f: ret
