#include "n.h"
.globl one
one: .long N
