 .long 11
