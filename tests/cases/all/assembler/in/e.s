	.error "no"
