int nobody_asks_for_this(void) { return 7; }
