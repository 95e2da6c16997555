static int *q = 0;
