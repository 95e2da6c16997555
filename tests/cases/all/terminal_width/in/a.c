int f(void) { int a_name_that_is_rather_long = 1; int another_name_that_nobody_uses_in_here = 2; return 1; }
