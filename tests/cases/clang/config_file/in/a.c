int x = EXTRA;
