int h = 1;
